//! What the features `libc` and `heapless` add.

use crate::{Entry, looped};
use ancil::io::{Fd, Incomplete, ReceivedMessages, RecvBuffers};
use ancil::*;
use core::fmt::Display;
use core::ops::{Deref, DerefMut};
use core::ptr::drop_in_place;

pub const PUBLIC: &[Entry] = public![
    FdVec::<4>::new,
    FdVec::<4>::fill,
    FdVec::<4>::into_raw_fds,
    IoVecs::<4>::new,
    IoVecs::push: fn(&'static mut IoVecs<'static, 4>, &'static [u8]) -> _,
    IoVecs::<4>::clear,
    Received::from_control,
    Received::bytes,
    Received::flags,
    Received::data,
    Received::chunks,
    Received::name,
    Received::name_len,
    Received::address,
    Received::control,
    Received::take_raw_fds,
    Received::take_raw_slots,
    Received::fds_left,
    Received::fds_denied,
    Received::take_raw_pidfd,
    Writer::put_fds,
    io::Fd::borrow_raw,
    io::Fd::as_raw,
    io::enable::<'static, (IP_TTL, SO_TIMESTAMPNS)>: fn(Fd<'static>) -> _,
    io::enable_available::<'static, IP_TTL>: fn(Fd<'static>, fn(io::OptionError) -> _) -> _,
    io::enable_with::<'static, SO_TIMESTAMPING>: fn(Fd<'static>, _, _) -> _,
    io::disable::<'static, (IP_TTL, SO_TIMESTAMPNS)>: fn(Fd<'static>) -> _,
    io::RecvBuffers::<8>::new::<2>,
    io::RecvBuffers::<8>::names::<28>,
    io::RecvBuffers::<8>::control::<64>,
    io::RecvBuffers::<8>::capacity,
    io::ReceivedMessages::remaining,
    io::recvmmsg: fn(Fd<'static>, &'static mut RecvBuffers<'static, 8>, _, _) -> _,
    io::recvmmsg_retry: fn(Fd<'static>, &'static mut RecvBuffers<'static, 8>, _, _) -> _,
    io::recvmsg: fn(Fd<'static>, _, _) -> _,
    io::recvmsg_retry: fn(Fd<'static>, _, _) -> _,
    io::recvmsg_exact: fn(Fd<'static>, _, _, _) -> _,
    io::read_exact: fn(Fd<'static>, _) -> _,
    io::sendmmsg: fn(Fd<'static>, _, _) -> _,
    io::sendmsg: fn(Fd<'static>, _, _) -> _,
    io::sendmsg_all: fn(Fd<'static>, _, _, _) -> _,
    io::sendmsg_zerocopy: unsafe fn(Fd<'static>, _, _) -> _,
    io::write_all: fn(Fd<'static>, _) -> _,
];

pub const UNNAMED: &[Entry] = unnamed![
    <FdVec<4> as Deref>::deref,
    <IoVecs<4> as Deref>::deref,
    <IoVecs<4> as DerefMut>::deref_mut,
    <Incomplete as Display>::fmt,
    <io::OptionError as Display>::fmt,
    <ReceivedMessages as Iterator>::next,
    drop_in_place::<FdVec<4>>,
    drop_in_place::<Received>,
    drop_in_place::<ReceivedMessages>,
    looped(FdVec::<4>::into_raw_fds),
    looped(Received::chunks),
    looped(Received::take_raw_fds),
    looped(Received::take_raw_slots),
];
