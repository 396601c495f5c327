//! Every public function of ancil, called by one C function each: `public_` and the path of its file and its name.
//! Nothing runs this. tests/no_panic.rs links it with a panic handler that cannot be linked, and looks in the
//! sources of ancil whether a function is missing here.
//!
//! What needs `std` is not here: it hands its arguments to a function that is.
#![no_std]
#![allow(clippy::missing_safety_doc, reason = "nobody calls these")]

use ancil::addr::*;
use ancil::iov::{self, Cursor, CursorMut};
use ancil::limits;
use ancil::payload::*;
use ancil::show::Printer;
use ancil::verdict::{self, Facts, Outgoing, Reason, Refusal, Socket};
use ancil::*;
use core::fmt::{self, Write};
use core::hint::black_box;
use core::mem::MaybeUninit;
use core::net::{Ipv4Addr, Ipv6Addr, SocketAddr, SocketAddrV4, SocketAddrV6};
use core::time::Duration;

mod formats;
#[cfg(ancil_stacks)]
mod stacks;
mod vectors_and_io;
#[macro_use]
#[path = "../../catalogue_columns.rs"]
mod catalogue_columns;

/// Arguments of which the compiler knows nothing.
pub struct Any {
    bytes: &'static mut [u8],
    more: &'static mut [u8],
    n: usize,
    m: usize,
}

impl Any {
    /// Any value of a type without pointers, and vectors wherever they lie.
    fn some<T>(&self) -> T {
        // SAFETY: nobody runs this.
        black_box(unsafe { core::ptr::read_unaligned(self.bytes.as_ptr().cast()) })
    }

    fn many<T>(&self) -> &'static mut [T] {
        // SAFETY: nobody runs this.
        black_box(unsafe {
            core::slice::from_raw_parts_mut(self.more.as_ptr().cast_mut().cast(), self.n)
        })
    }

    fn raw(&self) -> Raw<'_> {
        Raw {
            level: self.n as i32,
            ty: self.m as i32,
            offset: self.m,
            data: self.bytes,
        }
    }

    fn text(&self) -> &str {
        self.some()
    }
}

/// Counts what is printed.
struct Sink(usize);

impl Write for Sink {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        self.0 ^= black_box(text).len();
        Ok(())
    }
}

/// What `{}` makes of a value: its `Display`, as a caller would use it.
fn shown(what: &dyn fmt::Display) -> fmt::Result {
    write!(Sink(0), "{what}")
}

/// One C function each; its value is used.
macro_rules! public {
    ($($name:ident($any:ident) $body:block)+) => { $(
        #[unsafe(no_mangle)]
        pub unsafe extern "C" fn $name($any: &'static mut Any) {
            #[allow(unused_mut, reason = "some change what they are called on")]
            let mut value = $body;
            black_box(&mut value);
        }
    )+ };
}
use public;

/// The proof has teeth: with this the library does not link.
#[cfg(ancil_panics)]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn public_panics(any: &Any) -> u8 {
    any.bytes[any.n]
}

/// The panic handler is one of no test's and of no other build's.
#[cfg(all(panic = "abort", not(test)))]
#[panic_handler]
fn panic(_: &core::panic::PanicInfo<'_>) -> ! {
    unsafe extern "C" {
        safe fn ancil_a_panic_is_reachable() -> !;
    }
    ancil_a_panic_is_reachable()
}

/// A message of each row: decoded by its key and by `Message`, printed, written again.
macro_rules! rows {
    ($($NAME:ident $Variant:ident;)+) => {
        public! {
            public_key_get(any) { $( black_box(any.raw().get($NAME)).ok(); )+ }
            public_key_is(any) { $( black_box($NAME.is(&any.raw())); )+ }
            public_reader_get(any) { $( black_box(Reader::new(any.bytes).get($NAME)).ok(); )+ }
        }
    };
}
catalogue!(keys_of rows;);

public! {
    public_key_new(any) { Key::<u64>::new(any.n as i32, any.m as i32) }
    public_key_space(any) { (black_box(SCM_CREDENTIALS).space(), any.n) }
    public_key_space_for(any) { (SCM_RIGHTS.space_for(any.n), IP_RECVOPTS.space_for(any.n)) }
    public_abi_len_size(any) { any.abi().len_size() }
    public_abi_alignment(any) { any.abi().alignment() }
    public_abi_header_size(any) { any.abi().header_size() }
    public_abi_cmsg_align(any) { (any.abi().cmsg_align(any.n), cmsg_align(any.n)) }
    public_abi_cmsg_len(any) { (any.abi().cmsg_len(any.n), cmsg_len(any.n)) }
    public_abi_cmsg_space(any) { (any.abi().cmsg_space(any.n), cmsg_space(any.n)) }
    public_step_check(any) { any.abi().check(any.n, any.m) }
    public_step_next(any) { any.abi().next(any.n, any.m, any.bytes.len()) }
    public_cmsg_new(any) { Raw::new(any.n as i32, any.m as i32, any.bytes) }

    public_reader_new(any) { for raw in Reader::new(any.bytes) { black_box(raw).ok(); } }
    public_reader_lenient(any) { for raw in Reader::new(any.bytes).lenient() { black_box(raw).ok(); } }
    public_reader_with_abi(any) {
        for raw in Reader::new(any.bytes).with_abi(any.abi()) { black_box(raw).ok(); }
    }
    public_reader_as_bytes(any) { Reader::new(any.bytes).as_bytes().len() }
    public_reader_offset(any) { let mut reader = Reader::new(any.bytes); black_box(reader.next()); reader.offset() }
    public_error_cmsg_len(any) { any.some::<MalformedKind>().cmsg_len() }
    public_error_show(any) {
        let error = Reader::new(any.bytes).find_map(Result::err);
        if let Some(error) = error { shown(&error).ok(); shown(&Error::from(error)).ok(); }
        shown(&Error::from(NoSpace { needed: any.n, left: any.m })).ok();
        if let Err(error) = any.raw().get(SCM_CREDENTIALS) { shown(&error).ok(); shown(&Error::from(error)).ok(); }
        shown(&Errno(any.n as i32)).ok();
    }

    public_writer_new(any) { Writer::new(any.bytes) }
    public_writer_put(any) {
        let credentials = any.some::<Ucred>();
        let mut writer = Writer::new(any.bytes);
        black_box(writer.put(SCM_RIGHTS, &[any.n as i32, any.m as i32][..])).ok();
        black_box(writer.put(SCM_CREDENTIALS, credentials)).ok();
        black_box(writer.put(IP_TOS, any.n as i32)).ok();
        let mut buffer = ControlBuf::<100>::new();
        buffer.put(SCM_CREDENTIALS, credentials).ok()
    }
    public_writer_put_raw(any) {
        black_box(any.buffer().put_raw(any.n as i32, any.m as i32, any.more)).ok();
        Writer::new(any.bytes).put_raw(any.n as i32, any.m as i32, any.more).ok()
    }
    public_writer_len(any) { Writer::new(any.bytes).len() }
    public_writer_finish(any) {
        let mut writer = Writer::new(any.bytes);
        black_box(writer.put_raw(1, 2, any.more)).ok();
        writer.finish().len()
    }
    // Made for compile time, where too small a buffer is a compile error.
    public_writer_with(any) { (const { ControlBuf::<32>::new().with(UDP_SEGMENT, 1200) }, any.n) }
    public_writer_as_bytes(any) { any.buffer().as_bytes().len() }
    public_writer_recv_space(any) { any.buffer().recv_space().len() }

    public_message_parse(any) { let message = Message::parse(any.n as u16, any.raw()); black_box(&message); }
    public_message_show(any) { shown(&Message::from(any.raw())) }
    public_message_message_name(any) { message_name(any.n as i32, any.m as i32) }
    public_level_level_name(any) { level::level_name(any.n as i32) }
    public_format_new(any) { shown(&DisplayControl::new(any.bytes)) }
    public_format_family(any) { shown(&DisplayControl::new(any.bytes).family(any.n as u16)) }

    public_msghdr_new(any) { let _ = (black_box(MsgHdr::new()), black_box(MsgHdrMut::new())); any.n }
    public_msghdr_name(any) {
        let _ = black_box(MsgHdr::new().name(any.bytes)); black_box(MsgHdrMut::new().name(any.more));
    }
    public_msghdr_iov(any) {
        let _ = black_box(MsgHdr::new().iov(any.many()));
        black_box(MsgHdrMut::new().iov(any.many()));
    }
    public_msghdr_control(any) {
        let _ = black_box(MsgHdr::new().control(any.bytes));
        black_box(MsgHdrMut::new().control(any.more));
    }
    public_msghdr_flags(any) { MsgHdr::new().flags(MsgFlags::from_bits_retain(any.n as u32)).msg_flags() }
    public_msghdr_msg_name(any) { (any.header().msg_name().len(), any.header_mut().msg_name().len()) }
    public_msghdr_msg_iov(any) { (any.header().msg_iov().len(), any.header_mut().msg_iov().len()) }
    public_msghdr_msg_control(any) { (any.header().msg_control().len(), any.header_mut().msg_control().len()) }
    public_msghdr_msg_flags(any) { any.header().msg_flags() }
    public_msghdr_into_groups(any) { black_box(any.header_mut().into_groups()).0.len() }
    public_mmsghdr_new(any) { black_box(&MMsgHdr::new(any.header())).msg_len() }
    public_mmsghdr_msg_hdr(any) { any.batch().iter().map(|one| one.msg_hdr().msg_name().len()).fold(0, usize::max) }
    public_mmsghdr_msg_len(any) { any.batch().iter().map(MMsgHdr::msg_len).fold(0, usize::max) }
    public_mmsghdr_group_by_name(any) { MMsgHdr::group_by_name(any.batch()) }

    public_payload_ip_from(any) { InAddr::from(black_box(Ipv4Addr::from(any.some::<InAddr>()))) }
    public_payload_ipv6_from(any) { In6Addr::from(black_box(Ipv6Addr::from(any.some::<In6Addr>()))) }
    public_payload_alg_new(any) { AlgIv::<16>::new(any.some()) }
    public_payload_alg_payload(any) {
        let iv = AlgIv::<16>::new(any.some());
        black_box(iv.payload());
    }
    public_payload_attributes_next(any) {
        if let Ok(Some(all)) = any.raw().get(SCM_TIMESTAMPING_OPT_STATS) { for one in all { _ = black_box(one); } }
    }
    public_payload_socket_fd(any) { any.some::<Pidfd>().fd() }
    public_array_len(any) { any.array().map(|all| all.len()) }
    public_array_is_empty(any) { any.array().map(|all| all.is_empty()) }
    public_array_get(any) { any.array().map(|all| all.get(any.n)) }
    public_array_iter(any) { if let Some(all) = any.array() { for one in all.iter() { black_box(one); } } }
    public_payload_recverr_offender(any) { any.some::<SockExtendedErr>(); RecvErr::<SockaddrIn>::decode(any.bytes).map(|error| error.offender().copied()) }
    public_payload_errqueue_origin(any) { any.some::<SockExtendedErr>().origin() }
    public_payload_show_decimal(any) { Sink(0).decimal(any.some()) }
    public_payload_show_hex(any) { Sink(0).hex(any.some()) }
    public_addr_be_new(any) { (Be16::new(any.n as u16), Be32::new(any.n as u32)) }
    public_payload_alg_space_for(any) { ALG_SET_IV.space_for(any.n) }
    public_addr_be_get(any) { (any.some::<Be16>().get(), any.some::<Be32>().get()) }

    public_kernel_facts_new(any) { Socket::new(any.n as i32, any.m as i32, any.some()) }
    public_kernel_refusal_errno(any) {
        let refusal = black_box(Refusal::from(any.some::<Reason>()));
        (refusal.errno(), refusal.reason.errno())
    }
    public_kernel_refusal_words(any) {
        shown(&Refusal::from(any.some::<Reason>())).is_ok() && !any.some::<Reason>().words().is_empty()
    }
    public_kernel_mod_check_control(any) { verdict::check_control(&any.some(), any.facts(), any.bytes) }
    public_kernel_mod_check_sendmsg(any) {
        let lengths = any.many::<usize>().iter().copied();
        verdict::check_sendmsg(&any.some(), any.facts(), &Outgoing::from(&any.header()), lengths)
    }
    public_kernel_limits_fits_kernel_stack(any) { limits::fits_kernel_stack(any.n) }
    public_kernel_import_check_iov(any) { verdict::check_iov(any.many::<usize>().iter().copied()) }
}

impl Any {
    fn abi(&self) -> Abi {
        self.some()
    }

    fn buffer(&self) -> ControlBuf<64> {
        black_box(ControlBuf::new())
    }

    fn array(&self) -> Option<Array<'_, i32>> {
        self.raw().get(SCM_RIGHTS).ok().flatten()
    }

    fn header(&self) -> MsgHdr<'_> {
        black_box(
            MsgHdr::new()
                .name(self.bytes)
                .iov(self.many())
                .control(self.more),
        )
    }

    fn header_mut(&mut self) -> MsgHdrMut<'_> {
        let vectors = self.many();
        black_box(MsgHdrMut::new().name(self.bytes).iov(vectors))
    }

    fn batch(&self) -> &'static mut [MMsgHdr<'static>] {
        self.many()
    }

    fn facts(&self) -> &'static Facts<'static> {
        self.some()
    }
}
