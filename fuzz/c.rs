//! The functions of `include/ancil.h` that take bytes, declared anew as a program of another
//! language would declare them. The structs that such a program must leave alone are opaque here,
//! and as large as they are on 64-bit machines: the fuzzers run on no other.

// The functions are in the crate `ancil`, which the linker takes for the sake of this.
use ancil as _;
use ancil::addr::In6Addr;
use ancil::netlink::Nlmsghdr;
use ancil::payload::{In6Pktinfo, InPktinfo, SockEeDataRfc4884, Ucred};
use std::ffi::{c_char, c_int, c_uint, c_void};
use std::ptr;

/// Defines structs of as many words as C has them, whose content is the library's own.
macro_rules! opaque {
    ($($Name:ident: $words:literal;)+) => {
        $(
            #[derive(Clone, Copy, Default)]
            #[repr(C)]
            pub struct $Name([usize; $words]);
        )+
    };
}

opaque! {
    Reader: 5;
    Writer: 6;
    OptWriter: 5;
    NlReader: 6;
    NlWriter: 8;
}

/// `struct iovec`.
#[derive(Clone, Copy, Debug, PartialEq)]
#[repr(C)]
pub struct Iovec {
    pub base: *mut c_void,
    pub len: usize,
}

/// `struct ancil_message`.
#[derive(Clone, Copy)]
#[repr(C)]
pub struct Message {
    pub level: c_int,
    pub ty: c_int,
    pub data: *const c_void,
    pub len: usize,
}

/// `struct ancil_opt`.
#[derive(Clone, Copy)]
#[repr(C)]
pub struct Opt {
    pub ty: u8,
    pub data: *const c_void,
    pub len: usize,
}

/// `struct ancil_nl_message`.
#[derive(Clone, Copy)]
#[repr(C)]
pub struct NlMessage {
    pub header: Nlmsghdr,
    pub data: *const c_void,
    pub len: usize,
}

/// `struct ancil_nl_attr`.
#[derive(Clone, Copy)]
#[repr(C)]
pub struct NlAttr {
    pub ty: u16,
    pub flags: u16,
    pub data: *const c_void,
    pub len: usize,
}

/// `struct ancil_nl_report`.
#[derive(Clone, Copy, Default)]
#[repr(C)]
pub struct NlReport {
    pub error: c_int,
    pub seq: u32,
    pub attrs: NlReader,
}

/// `struct ancil_error`.
#[derive(Clone, Copy)]
#[repr(C)]
pub struct Report {
    pub error: c_int,
    pub origin: c_int,
    pub ty: c_int,
    pub code: c_int,
    pub info: u32,
    pub data: u32,
    pub offender: *const c_void,
    pub offender_len: usize,
}

/// `struct ancil_uring_message`.
#[derive(Clone, Copy)]
#[repr(C)]
pub struct UringMessage {
    pub name: *const c_void,
    pub name_size: usize,
    pub namelen: usize,
    pub control: *mut c_void,
    pub controllen: usize,
    pub payload: *const c_void,
    pub payload_size: usize,
    pub payloadlen: usize,
    pub flags: c_uint,
}

/// `struct ancil_ip`.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
#[repr(C)]
pub struct Ip {
    pub family: c_int,
    pub octets: [u8; 16],
}

/// `struct ancil_timestamp`.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
#[repr(C)]
pub struct Time {
    pub seconds: i64,
    pub nanoseconds: u32,
    pub measured: u32,
}

/// `struct ancil_arrival`.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
#[repr(C)]
pub struct Arrival {
    pub to: Ip,
    pub local: Ip,
    pub timestamp: Time,
    pub interface: u32,
    pub has_traffic_class: c_int,
    pub ecn: c_int,
    pub dscp: c_int,
    pub has_hop_limit: c_int,
    pub hop_limit: c_int,
    pub segment_size: u32,
    pub drops: u32,
}

/// `struct ancil_departure`.
#[derive(Clone, Copy, Debug, Default)]
#[repr(C)]
pub struct Departure {
    pub from: Ip,
    pub interface: u32,
    pub has_traffic_class: c_int,
    pub ecn: c_int,
    pub dscp: c_int,
    pub has_hop_limit: c_int,
    pub hop_limit: c_int,
    pub segment_size: u32,
    pub txtime: u64,
}

/// `struct ancil_facts`.
#[derive(Clone, Copy, Debug)]
#[repr(C)]
pub struct Facts {
    pub lacking: u64,
    pub optmem_max: usize,
    pub fds: *const c_int,
    pub fds_len: usize,
    pub flow_labels: *const u32,
    pub flow_labels_len: usize,
    pub payload: usize,
    pub mtu: u32,
    pub interface: u32,
    pub flow_info: u32,
    pub release: u32,
    pub pid: c_int,
    pub uid: u32,
    pub gid: u32,
    pub no_txtime: c_int,
    pub no_opt_id: c_int,
    pub to_ipv4: c_int,
    pub hdrincl: c_int,
    pub tls: c_int,
    pub no_check: c_int,
    pub compat: c_int,
    pub spare: [u64; 4],
}

impl Message {
    pub const NONE: Self = Self {
        level: 0,
        ty: 0,
        data: ptr::null(),
        len: 0,
    };
}

impl Opt {
    pub const NONE: Self = Self {
        ty: 0,
        data: ptr::null(),
        len: 0,
    };
}

impl NlMessage {
    pub fn none() -> Self {
        Self {
            header: Nlmsghdr::default(),
            data: ptr::null(),
            len: 0,
        }
    }
}

impl NlAttr {
    pub const NONE: Self = Self {
        ty: 0,
        flags: 0,
        data: ptr::null(),
        len: 0,
    };
}

impl Report {
    pub const NONE: Self = Self {
        error: 0,
        origin: 0,
        ty: 0,
        code: 0,
        info: 0,
        data: 0,
        offender: ptr::null(),
        offender_len: 0,
    };
}

#[rustfmt::skip] // one line each, as in a header
unsafe extern "C" {
    pub fn ancil_reader_init(r: &mut Reader, control: *const c_void, controllen: usize);
    pub fn ancil_reader_next(r: &mut Reader, m: &mut Message) -> c_int;
    pub fn ancil_reader_status(r: &Reader) -> c_int;
    pub fn ancil_find(
        control: *const c_void, controllen: usize, level: c_int, ty: c_int, m: &mut Message,
    ) -> c_int;
    pub fn ancil_cmsg_next(offset: usize, cmsg_len: usize, controllen: usize) -> usize;
    pub fn ancil_get_int(m: &Message, level: c_int, ty: c_int, value: &mut c_int) -> c_int;
    pub fn ancil_get_pktinfo(m: &Message, info: &mut InPktinfo) -> c_int;
    pub fn ancil_get_pktinfo6(m: &Message, info: &mut In6Pktinfo) -> c_int;
    pub fn ancil_get_timestamping(m: &Message, times: &mut [Time; 3]) -> c_int;
    pub fn ancil_get_credentials(m: &Message, from: &mut Ucred) -> c_int;
    pub fn ancil_get_timestamp(m: &Message, seconds: &mut i64, nanoseconds: &mut u32) -> c_int;
    pub fn ancil_get_error(m: &Message, error: &mut Report) -> c_int;
    pub fn ancil_get_extension(error: &Report, to: &mut SockEeDataRfc4884) -> c_int;

    pub fn ancil_writer_init(w: &mut Writer, buf: *mut c_void, size: usize);
    pub fn ancil_writer_put(
        w: &mut Writer, level: c_int, ty: c_int, data: *const c_void, len: usize,
    ) -> c_int;
    pub fn ancil_writer_put_fds(w: &mut Writer, fds: *const c_int, n: usize) -> c_int;
    pub fn ancil_writer_put_credentials(w: &mut Writer, pid: c_int, uid: u32, gid: u32) -> c_int;
    pub fn ancil_writer_put_pktinfo6(w: &mut Writer, index: u32, source: *const c_void) -> c_int;
    pub fn ancil_writer_put_udp_segment(w: &mut Writer, bytes: u16) -> c_int;
    pub fn ancil_writer_put_int(w: &mut Writer, level: c_int, ty: c_int, value: c_int) -> c_int;
    pub fn ancil_writer_status(w: &Writer) -> c_int;
    pub fn ancil_writer_finish(w: &Writer) -> usize;

    pub fn ancil_format(
        out: *mut c_char, size: usize, control: *const c_void, controllen: usize,
    ) -> usize;

    pub fn ancil_check_control(
        domain: c_int, ty: c_int, protocol: c_int, control: *const c_void, controllen: usize,
    ) -> c_int;
    pub fn ancil_check_control_with(
        domain: c_int, ty: c_int, protocol: c_int, control: *const c_void, controllen: usize,
        facts: *const Facts,
    ) -> c_int;
    pub fn ancil_check_text(
        out: *mut c_char, size: usize, domain: c_int, ty: c_int, protocol: c_int,
        control: *const c_void, controllen: usize, facts: *const Facts,
    ) -> usize;

    pub fn ancil_get_arrival(
        control: *const c_void, controllen: usize, arrival: &mut Arrival,
    ) -> c_int;
    pub fn ancil_put_departure(
        w: &mut Writer, d: &Departure, to: *const c_void, tolen: usize,
    ) -> c_int;

    pub fn ancil_compat_widen(
        dst: *mut c_void, size: usize, src32: *const c_void, len: usize,
    ) -> isize;
    pub fn ancil_compat_narrow(
        dst: *mut c_void, size: usize, src64: *const c_void, len: usize,
    ) -> isize;
    pub fn ancil_compat_widened_len(src32: *const c_void, len: usize) -> isize;
    pub fn ancil_compat_narrowed_len(src64: *const c_void, len: usize) -> isize;

    pub fn ancil_opt_next(
        header: *const c_void, len: usize, offset: &mut usize, o: &mut Opt,
    ) -> c_int;
    pub fn ancil_opt_find(header: *const c_void, len: usize, ty: u8, o: &mut Opt) -> c_int;
    pub fn ancil_opt_writer_init(w: &mut OptWriter, buf: *mut c_void, size: usize) -> c_int;
    pub fn ancil_opt_writer_put(
        w: &mut OptWriter, ty: u8, x: u8, y: u8, data: *const c_void, len: usize,
    ) -> c_int;
    pub fn ancil_opt_writer_finish(w: &OptWriter) -> usize;
    pub fn ancil_rth_segments(header: *const c_void, len: usize) -> c_int;
    pub fn ancil_rth_segment(
        header: *const c_void, len: usize, index: usize, destination: &In6Addr, to: &mut In6Addr,
    ) -> c_int;
    pub fn ancil_rth_write(
        buf: *mut c_void, size: usize, ty: c_int, segments: *const In6Addr, n: usize,
    ) -> c_int;

    pub fn ancil_uring_parse(
        buf: *mut c_void, len: usize, name_space: usize, control_space: usize,
        m: *mut UringMessage,
    ) -> c_int;

    pub fn ancil_nl_reader_init(r: &mut NlReader, data: *const c_void, len: usize);
    pub fn ancil_nl_reader_received(r: &mut NlReader, buf: *const c_void, size: usize, n: isize);
    pub fn ancil_nl_reader_status(r: &NlReader) -> c_int;
    pub fn ancil_nl_message_next(r: &mut NlReader, m: &mut NlMessage) -> c_int;
    pub fn ancil_nl_message_split(
        m: &NlMessage, to: *mut c_void, n: usize, attrs: &mut NlReader,
    ) -> c_int;
    pub fn ancil_nl_message_parse(
        m: &NlMessage, to: *mut c_void, n: usize, table: *mut NlAttr, types: usize,
    ) -> c_int;
    pub fn ancil_nl_answer_next(r: &mut NlReader, seq: u32, m: &mut NlMessage) -> c_int;
    pub fn ancil_nl_message_report(m: &NlMessage, e: &mut NlReport) -> c_int;
    pub fn ancil_nl_attr_next(r: &mut NlReader, a: &mut NlAttr) -> c_int;
    pub fn ancil_nl_attr_find(r: &NlReader, ty: u16, a: &mut NlAttr) -> c_int;
    pub fn ancil_nl_attr_parse(r: &NlReader, table: *mut NlAttr, types: usize) -> c_int;
    pub fn ancil_nl_attr_get(a: &NlAttr, to: *mut c_void, n: usize) -> c_int;
    pub fn ancil_nl_attr_copy(a: &NlAttr, to: *mut c_void, n: usize) -> usize;
    pub fn ancil_nl_attr_string(a: &NlAttr) -> *const c_char;
    pub fn ancil_nl_attr_copy_string(a: &NlAttr, out: *mut c_char, size: usize) -> usize;
    pub fn ancil_nl_writer_init(w: &mut NlWriter, buf: *mut c_void, size: usize);
    pub fn ancil_nl_writer_begin(w: &mut NlWriter, ty: u16, flags: u16, seq: u32) -> c_int;
    pub fn ancil_nl_writer_put(w: &mut NlWriter, data: *const c_void, len: usize) -> c_int;
    pub fn ancil_nl_writer_attr(
        w: &mut NlWriter, ty: u16, data: *const c_void, len: usize,
    ) -> c_int;
    pub fn ancil_nl_writer_nest_begin(w: &mut NlWriter, ty: u16) -> c_int;
    pub fn ancil_nl_writer_nest_end(w: &mut NlWriter) -> c_int;
    pub fn ancil_nl_writer_end(w: &mut NlWriter) -> c_int;
    pub fn ancil_nl_writer_finish(w: &NlWriter) -> usize;
}

#[rustfmt::skip] // one line each, as in a header
unsafe extern "C" {
    pub fn ancil_check_iov(iov: *const Iovec, n: usize) -> c_int;
    pub fn ancil_iov_size(iov: *const Iovec, n: usize) -> usize;
    pub fn ancil_iov_to_buf(
        iov: *const Iovec, n: usize, offset: usize, buf: *mut c_void, bytes: usize,
    ) -> usize;
    pub fn ancil_iov_from_buf(
        iov: *const Iovec, n: usize, offset: usize, buf: *const c_void, bytes: usize,
    ) -> usize;
    pub fn ancil_iov_fill(
        iov: *const Iovec, n: usize, offset: usize, byte: c_int, bytes: usize,
    ) -> usize;
    pub fn ancil_iov_copy(
        dst: *const Iovec, dst_n: usize, dst_offset: usize,
        src: *const Iovec, src_n: usize, src_offset: usize, bytes: usize,
    ) -> usize;
    pub fn ancil_iov_compare(
        a: *const Iovec, a_n: usize, a_offset: usize,
        b: *const Iovec, b_n: usize, b_offset: usize, bytes: usize, equal: &mut usize,
    ) -> c_int;
    pub fn ancil_iov_is_zero(iov: *const Iovec, n: usize, offset: usize, bytes: usize) -> c_int;
    pub fn ancil_iov_find(
        iov: *const Iovec, n: usize, offset: usize, byte: c_int, bytes: usize,
    ) -> usize;
    pub fn ancil_iov_slice(
        dst: *mut Iovec, dst_n: usize, src: *const Iovec, n: usize, offset: usize, bytes: usize,
    ) -> usize;
    pub fn ancil_iov_count(iov: *const Iovec, n: usize, offset: usize, bytes: usize) -> usize;
    pub fn ancil_iov_batch(iov: *const Iovec, n: usize, most: usize, bytes: usize) -> usize;
    pub fn ancil_iov_next_chunk(
        iov: *const Iovec, n: usize, offset: usize, len: &mut usize,
    ) -> *mut c_void;
    pub fn ancil_iov_seek(
        iov: &mut *const Iovec, n: &mut usize, offset: &mut usize, bytes: usize,
    ) -> usize;
    pub fn ancil_iov_advance(iov: &mut *mut Iovec, n: &mut usize, bytes: usize) -> usize;
    pub fn ancil_iov_discard_back(iov: *mut Iovec, n: &mut usize, bytes: usize) -> usize;
    pub fn ancil_iov_limit(iov: *mut Iovec, n: &mut usize, bytes: usize) -> usize;
    pub fn ancil_iov_join(iov: *mut Iovec, n: usize) -> usize;
}
