//! Vectors, and what the features `libc` and `heapless` add.

use super::*;

public! {
    public_iov_mod_new(any) { black_box(&IoVec::new(any.bytes)); black_box(&mut IoVecMut::new(any.more)); }
    public_iov_mod_as_bytes(any) { any.some::<IoVec<'static>>().as_bytes().len() }
    public_iov_mod_into_bytes(any) { any.some::<IoVecMut<'static>>().into_bytes().len() }
    public_iov_mod_readable(any) { iov::readable(any.many()).len() }
    public_iov_bytes_gather(any) {
        iov::gather(any.many::<IoVec<'static>>(), any.bytes) + any.cursor().gather(any.bytes)
    }
    public_iov_bytes_gather_at(any) { iov::gather_at(any.many::<IoVec<'static>>(), any.n, any.bytes) }
    public_iov_bytes_gather_uninit(any) {
        let room = any.many::<MaybeUninit<u8>>();
        black_box(any.cursor().gather_uninit(room)).len() + iov::gather_uninit(any.many::<IoVec<'static>>(), room).len()
    }
    public_iov_bytes_compare(any) { any.cursor().compare(&any.cursor()) }
    public_iov_bytes_is_zero(any) { any.cursor().is_zero() }
    public_iov_bytes_find(any) { any.cursor().find(any.m as u8) }
    public_iov_bytes_scatter(any) { iov::scatter(any.many(), any.bytes) + any.cursor_mut().scatter(any.bytes) }
    public_iov_bytes_scatter_at(any) { iov::scatter_at(any.many(), any.n, any.bytes) }
    public_iov_bytes_copy(any) { any.cursor_mut().copy(&mut any.cursor()) }
    public_iov_bytes_fill(any) { any.cursor_mut().fill(any.m as u8, any.n) }
    public_iov_array_total(any) { iov::total(any.many::<IoVec<'static>>()) }
    public_iov_array_advance(any) { iov::advance(&mut any.many::<IoVec<'static>>(), any.m) }
    public_iov_array_discard_back(any) { iov::discard_back(&mut any.many::<IoVecMut<'static>>(), any.m) }
    public_iov_array_limit(any) { iov::limit(&mut any.many::<IoVec<'static>>(), any.m) }
    public_iov_array_batch(any) { iov::batch(any.many::<IoVec<'static>>(), any.n, any.m).len() }
    // SAFETY: nobody runs this.
    public_iov_array_join(any) { unsafe { iov::join(&mut any.many::<IoVec<'static>>()) } }
    public_iov_c_iovec_as_libc(any) { iov::as_libc(any.many::<IoVec<'static>>()).len() }
    // SAFETY: nobody runs this.
    public_iov_c_iovec_from_libc(any) { unsafe { iov::from_libc(any.many()) }.len() }
    // SAFETY: nobody runs this.
    public_iov_c_iovec_from_libc_mut(any) { unsafe { iov::from_libc_mut(any.many()) }.len() }
    public_iov_cursor_new(any) { for one in any.cursor() { black_box(&one); } }
    public_iov_cursor_new_mut(any) { for one in any.cursor_mut() { black_box(&one); } }
    public_iov_cursor_reborrow(any) { any.cursor_mut().reborrow().fill(1, any.n) }
    public_iov_cursor_at(any) { any.cursor().at(any.n).remaining() }
    public_iov_cursor_limit(any) { any.cursor().limit(any.n).remaining() }
    public_iov_cursor_advance(any) { any.cursor().advance(any.n) }
    public_iov_cursor_split_at(any) { let (a, b) = any.cursor().split_at(any.n); a.remaining() ^ b.remaining() }
    public_iov_cursor_remaining(any) { any.cursor_mut().remaining() }
    public_iov_cursor_readable(any) { any.cursor_mut().readable().remaining() }
    public_iov_cursor_chunk(any) { any.cursor().chunk().len() }
    public_iov_cursor_next_chunk(any) { black_box(&any.cursor().next_chunk(any.m)); }
    public_iov_cursor_slice(any) { any.cursor().slice(any.many(), any.m).len() }

    public_heapless_new(any) { black_box(&IoVecs::<4>::new()); black_box(&FdVec::<4>::new()); any.n }
    public_heapless_push(any) { let mut all = IoVecs::<4>::new(); black_box(&mut all).push(&*any.bytes).is_ok() }
    public_heapless_clear(any) { any.some::<IoVecs<'static, 4>>().clear() }
    public_heapless_fill(any) { let mut all = FdVec::<4>::new(); (all.fill(&mut any.received()), all.len()) }
    public_heapless_into_raw_fds(any) { for fd in any.some::<FdVec<4>>().into_raw_fds() { black_box(fd); } }

    public_received_from_control(any) { black_box(&any.received()); }
    public_received_bytes(any) { any.received().bytes() }
    public_received_flags(any) { any.received().flags() }
    public_received_data(any) { for bytes in any.received().data() { black_box(bytes); } }
    public_received_name(any) { any.received().name().len() }
    public_received_name_len(any) { any.received().name_len() }
    public_received_address(any) { any.received().address().is_ok() }
    public_received_control(any) { for raw in any.received().control() { black_box(raw).ok(); } }
    public_received_take_raw_fds(any) { for fd in any.received().take_raw_fds() { black_box(fd); } }
    public_received_fds_left(any) { any.received().fds_left() }
    public_received_take_raw_pidfd(any) { any.received().take_raw_pidfd() }

    public_io_fd_borrow_raw(any) { any.fd() }
    public_io_fd_as_raw(any) { any.fd().as_raw() }
    public_io_fd_put_fds(any) { let fds = any.many(); Writer::new(any.bytes).put_fds(fds).is_ok() }
    public_io_mod_sendmsg(any) { io::sendmsg(any.fd(), &any.header(), any.some()) }
    // SAFETY: nobody runs this.
    public_io_mod_sendmsg_zerocopy(any) { unsafe { io::sendmsg_zerocopy(any.fd(), &any.header(), any.some()) } }
    public_io_mod_recvmsg(any) {
        let (fd, flags) = (any.fd(), any.some());
        io::recvmsg(fd, &mut any.header_mut(), flags).map(|received| received.bytes())
    }
    public_io_batch_sendmmsg(any) { io::sendmmsg(any.fd(), any.batch(), any.some()) }
    public_io_batch_recvmmsg(any) {
        if let Ok(all) = io::recvmmsg(any.fd(), &mut any.space(), any.some(), any.some::<Option<Duration>>()) {
            for one in all { black_box(one.bytes()); }
        }
    }
    public_io_batch_remaining(any) { any.some::<io::ReceivedMessages<'static>>().remaining() }
    public_io_exact_write_all(any) { io::write_all(any.fd(), &mut any.many()).is_ok() }
    public_io_exact_read_exact(any) { io::read_exact(any.fd(), &mut any.many()).is_ok() }
    public_io_exact_sendmsg_all(any) {
        io::sendmsg_all(any.fd(), &mut any.many(), &mut &*any.bytes, any.some()).map_err(|e| shown(&e)).is_ok()
    }
    public_io_exact_recvmsg_exact(any) { io::recvmsg_exact(any.fd(), &mut any.many(), any.bytes, any.some()).1.is_ok() }
    public_io_space_new(any) { io::RecvBuffers::<8>::new::<2>(any.many()).capacity() }
    public_io_space_names(any) { any.space().names::<28>(any.many()).capacity() }
    public_io_space_control(any) { any.space().control::<64>(any.many()).capacity() }
    public_io_space_capacity(any) { any.space().capacity() }
}

impl Any {
    fn cursor(&self) -> Cursor<'static> {
        Cursor::new(self.many::<IoVec<'static>>())
    }

    fn cursor_mut(&self) -> CursorMut<'static> {
        Cursor::new_mut(self.many())
    }

    fn fd(&self) -> io::Fd<'static> {
        // SAFETY: nobody runs this.
        unsafe { io::Fd::borrow_raw(self.n as i32) }
    }

    fn received(&self) -> Received<'static> {
        // SAFETY: nobody runs this.
        unsafe { Received::from_control(self.n, self.some(), self.many()) }
    }

    fn space(&self) -> io::RecvBuffers<'static, 8> {
        io::RecvBuffers::new::<2>(self.many())
    }
}
