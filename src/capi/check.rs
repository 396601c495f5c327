//! `ancil_check_control`: what Linux would say.

use super::{bytes, slice, status};
use crate::limits::OPTMEM_MAX;
use crate::verdict::{
    Capabilities, Existing, Facts, Process, Release, Socket, State, check_control_at,
};
use core::ffi::{c_int, c_void};

/// What the kernel knows and a control buffer does not say. All zero is the most favourable: begin
/// with `struct ancil_facts facts = {0};`.
#[repr(C)]
#[allow(non_camel_case_types, reason = "its name in C")]
pub struct ancil_facts {
    /// Capabilities that the sender lacks, one bit each by its number in linux/capability.h. That
    /// is the complement of CapEff in /proc/self/status.
    pub lacking: u64,
    /// net.core.optmem_max in bytes. 0: 131072, as it is since Linux 6.8.
    pub optmem_max: usize,
    /// The descriptors that are open, for SCM_RIGHTS. NULL: all that the message names, but
    /// negative ones.
    pub fds: *const c_int,
    /// How many those are.
    pub fds_len: usize,
    /// The kernel's version, as in `6 << 16 | 18`. 0: the newest one that this library knows.
    pub release: u32,
    /// The sender's process, user and group, for SCM_CREDENTIALS. `pid` 0: those in the message are
    /// its own.
    pub pid: c_int,
    /// See `pid`.
    pub uid: u32,
    /// See `pid`.
    pub gid: u32,
    /// Not 0: SO_TXTIME was not set.
    pub no_txtime: c_int,
    /// Not 0: SO_TIMESTAMPING was not set with SOF_TIMESTAMPING_OPT_ID.
    pub no_opt_id: c_int,
    /// Not 0: an IPv6 socket of UDP that sends to an IPv4 address, such as ::ffff:127.0.0.1.
    pub to_ipv4: c_int,
    /// Not 0: IP_HDRINCL was set.
    pub hdrincl: c_int,
    /// Not 0: the kernel encrypts what is sent (TCP_ULP "tls", TLS_TX).
    pub tls: c_int,
    /// Not 0: the sender is a 32-bit program on a 64-bit kernel, and `control` laid out as such a
    /// program has it.
    pub compat: c_int,
}

/// What Linux would say to these control messages, sent on a socket that socket(2) made of
/// `domain`, `type` and `protocol`: 0, or the negative errno of sendmsg. Of several faults it is
/// the first one that the kernel finds. `control` NULL with a length other than 0 is -EFAULT, as
/// sendmsg has it.
///
/// Supposes that all is well that cannot be seen here: the sender has every capability, descriptors
/// are open, processes and interfaces exist, options of the socket are on. Routes, queues and
/// security modules are not considered.
#[unsafe(no_mangle)]
#[must_use]
pub unsafe extern "C" fn ancil_check_control(
    domain: c_int,
    r#type: c_int,
    protocol: c_int,
    control: *const c_void,
    controllen: usize,
) -> c_int {
    // SAFETY: the callee needs `control` to be NULL or valid for reading `controllen` bytes. This
    // function's caller guarantees that, by the contract of the C API (src/capi/mod.rs).
    unsafe { ancil_check_control_with(domain, r#type, protocol, control, controllen, None) }
}

/// The same, with what is known of the system. `facts` NULL: nothing, as above.
#[unsafe(no_mangle)]
#[must_use]
pub unsafe extern "C" fn ancil_check_control_with(
    domain: c_int,
    r#type: c_int,
    protocol: c_int,
    control: *const c_void,
    controllen: usize,
    facts: Option<&ancil_facts>,
) -> c_int {
    let facts = facts.unwrap_or(&FAVOURABLE);
    let mut socket = Socket::new(domain, r#type, protocol);
    facts.apply_to(&mut socket.state);
    // SAFETY: `bytes` needs `control` to be NULL or valid for reading `controllen` bytes. The
    // caller guarantees that until this call returns, by the contract of the C API
    // (src/capi/mod.rs), and `readable` is not used later.
    let readable = (!control.is_null()).then(|| unsafe { bytes(control, controllen) });
    // SAFETY: `to_facts` needs `fds` to be NULL or valid for reading `fds_len` descriptors. The
    // caller guarantees that until this call returns, by the contract of the C API
    // (src/capi/mod.rs), and the facts are not used later.
    let facts = unsafe { facts.to_facts() };
    match check_control_at(&socket, &facts, readable, controllen) {
        Ok(()) => 0,
        Err(refusal) => status(refusal.errno()),
    }
}

/// The facts of a caller who passes none.
const FAVOURABLE: ancil_facts = ancil_facts {
    lacking: 0,
    optmem_max: 0,
    fds: core::ptr::null(),
    fds_len: 0,
    release: 0,
    pid: 0,
    uid: 0,
    gid: 0,
    no_txtime: 0,
    no_opt_id: 0,
    to_ipv4: 0,
    hdrincl: 0,
    tls: 0,
    compat: 0,
};

impl ancil_facts {
    /// Converts all but the state of the socket, which [`apply_to`](Self::apply_to) converts.
    ///
    /// # Safety
    /// `fds` must be NULL, or valid for reading `fds_len` descriptors for as long as `self` is
    /// borrowed.
    unsafe fn to_facts(&self) -> Facts<'_> {
        let sender = Process {
            pid: self.pid,
            uids: [self.uid; 3],
            gids: [self.gid; 3],
        };
        let descriptors = if self.fds.is_null() {
            Existing::All
        } else {
            // SAFETY: `slice` needs `fds` to be valid for reading `fds_len` elements while the
            // slice lives. This function's caller guarantees that for the lifetime of `self`, which
            // is that of the slice. Every value of `c_int` is valid, and `fds` is aligned as a
            // pointer to `int` in C is.
            Existing::Only(unsafe { slice(self.fds, self.fds_len) })
        };
        Facts {
            release: match self.release {
                0 => Release::NEWEST,
                release => Release((release >> 16) as u16, release as u16),
            },
            capabilities: Capabilities::from_bits_truncate(!self.lacking),
            sender: (self.pid != 0).then_some(sender),
            compat: self.compat != 0,
            optmem_max: match self.optmem_max {
                0 => OPTMEM_MAX,
                optmem_max => optmem_max,
            },
            descriptors,
            ..Facts::FAVOURABLE
        }
    }

    fn apply_to(&self, state: &mut State) {
        state.set(State::TXTIME, self.no_txtime == 0);
        state.set(State::OPT_ID, self.no_opt_id == 0);
        state.set(State::TO_IPV4, self.to_ipv4 != 0);
        state.set(State::HDRINCL, self.hdrincl != 0);
        state.set(State::TLS, self.tls != 0);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::arch::{SOCK_DGRAM, SOCK_STREAM, SOL_SOCKET};
    use core::ptr::null;

    const UDP: [c_int; 3] = [2, SOCK_DGRAM, 0];
    const UNIX: [c_int; 3] = [1, SOCK_STREAM, 0];

    fn check(socket: [c_int; 3], control: &[u8], facts: Option<&ancil_facts>) -> c_int {
        let [domain, ty, protocol] = socket;
        let (data, len) = (control.as_ptr().cast(), control.len());
        // SAFETY: `data` and `len` are a slice's, and `fds` is NULL or a reference to `fds_len`
        // descriptors.
        unsafe { ancil_check_control_with(domain, ty, protocol, data, len, facts) }
    }

    fn message(level: i32, ty: i32, data: &[u8]) -> std::vec::Vec<u8> {
        crate::wire::encode::bytes_of_messages(&[(level, ty, data)])
    }

    #[test]
    fn null_is_refused_as_by_sendmsg() {
        // SAFETY: `control` may be NULL, with any length.
        let null = |len| unsafe { ancil_check_control(1, 1, 0, null(), len) };
        assert_eq!(
            [null(0), null(1), null(usize::MAX)],
            [0, -libc::EFAULT, -libc::ENOBUFS]
        );
    }

    #[test]
    fn a_32_bit_program_is_judged_by_its_own_layout() {
        let facts = ancil_facts {
            compat: 1,
            optmem_max: 50,
            ..FAVOURABLE
        };
        let message = |len: u32| {
            let header = [12 + len, 77, 7].map(u32::to_ne_bytes).concat();
            [header, std::vec![0; len as usize]].concat()
        };
        let check = |control: &[u8]| check(UNIX, control, Some(&facts));
        assert_eq!([check(&message(4)), check(&message(0).repeat(2))], [0, 0]);
        assert_eq!(check(&message(4)[..11]), -libc::EINVAL);
        assert_eq!(check(&message(5)), 0, "the last message needs no padding");
        assert_eq!(check(&message(40)), -libc::ENOMEM);
        // SAFETY: `control` may be NULL, with any length.
        let null = unsafe { ancil_check_control_with(1, 1, 0, null(), 1, Some(&facts)) };
        assert_eq!(null, -libc::EINVAL);
    }

    #[test]
    fn every_fact_counts_and_zero_is_favourable() {
        let with = |set: fn(&mut ancil_facts)| {
            let mut facts = FAVOURABLE;
            set(&mut facts);
            facts
        };
        let of_socket = |ty, data: &[u8]| message(SOL_SOCKET, ty, data);
        let rights = || of_socket(1, &7i32.to_ne_bytes());
        let tcp = [2, SOCK_STREAM, 0];
        let (icmp, udp6) = ([2, 3, 1], [10, SOCK_DGRAM, 0]);
        let einval = libc::EINVAL;
        let cases = [
            (
                UDP,
                of_socket(36, &[1, 0, 0, 0]),
                with(|f| f.lacking = !0),
                libc::EPERM,
            ),
            (
                UDP,
                of_socket(61, &[0; 8]),
                with(|f| f.no_txtime = 1),
                einval,
            ),
            (
                UDP,
                of_socket(81, &[0; 4]),
                with(|f| f.no_opt_id = 1),
                einval,
            ),
            (
                UDP,
                of_socket(12, &[0; 4]),
                with(|f| f.release = 6 << 16 | 13),
                einval,
            ),
            // The message fits the kernel's stack and takes no memory.
            (UDP, of_socket(12, &[0; 4]), with(|f| f.optmem_max = 1), 0),
            (
                UDP,
                message(7, 7, &[0; 40]),
                with(|f| f.optmem_max = 50),
                libc::ENOBUFS,
            ),
            (
                UNIX,
                rights(),
                with(|f| (f.fds, f.fds_len) = (&8, 1)),
                libc::EBADF,
            ),
            (UNIX, rights(), with(|f| (f.fds, f.fds_len) = (&7, 1)), 0),
            (
                UNIX,
                of_socket(2, &[9; 12]),
                with(|f| (f.pid, f.lacking) = (3, !0)),
                libc::EPERM,
            ),
            (
                udp6,
                message(0, 2, &[0; 4]),
                with(|f| f.to_ipv4 = 1),
                einval,
            ),
            (icmp, message(0, 7, &[1]), with(|f| f.hdrincl = 1), einval),
            (tcp, message(282, 7, &[1]), with(|f| f.tls = 1), einval),
        ];
        for (i, (socket, control, facts, errno)) in cases.iter().enumerate() {
            assert_eq!(check(*socket, control, Some(facts)), -errno, "case {i}");
            assert_eq!(
                [
                    check(*socket, control, Some(&FAVOURABLE)),
                    check(*socket, control, None)
                ],
                [0, 0],
                "case {i}"
            );
        }
    }
}
