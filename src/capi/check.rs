//! `ancil_check_control`: what Linux would say.

use super::{bytes, slice, status};
use crate::limits::OPTMEM_MAX;
use crate::verdict::{
    Capabilities, Descriptors, Facts, Process, Release, Socket, State, check_control_at,
};
use core::ffi::{c_int, c_void};

/// What the kernel knows and a control buffer does not say. All zero is the most favourable: begin with
/// `struct ancil_facts facts = {0};`.
#[repr(C)]
#[allow(non_camel_case_types, reason = "its name in C")]
pub struct ancil_facts {
    /// Capabilities that the sender lacks, one bit each by its number in linux/capability.h. That is the complement
    /// of CapEff in /proc/self/status.
    pub lacking: u64,
    /// net.core.optmem_max in bytes. 0: 131072, as it is since Linux 6.8.
    pub optmem_max: usize,
    /// The descriptors that are open, for SCM_RIGHTS. NULL: all that the message names, but negative ones.
    pub fds: *const c_int,
    /// How many those are.
    pub fds_len: usize,
    /// The kernel's version, as in `6 << 16 | 18`. 0: the newest one that this library knows.
    pub release: u32,
    /// The sender's process, user and group, for SCM_CREDENTIALS. `pid` 0: those in the message are its own.
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
    /// Not 0: the sender is a 32-bit program on a 64-bit kernel, and `control` laid out as such a program has it.
    pub compat: c_int,
}

/// What Linux would say to these control messages, sent on a socket that socket(2) made of `domain`, `type` and
/// `protocol`: 0, or the negative errno of sendmsg. Of several faults it is the first one that the kernel finds.
/// `control` NULL with a length other than 0 is -EFAULT, as sendmsg has it.
///
/// Supposes that all is well that cannot be seen here: the sender has every capability, descriptors are open,
/// processes and interfaces exist, options of the socket are on. Routes, queues and security modules are not
/// considered.
#[unsafe(no_mangle)]
#[must_use]
pub unsafe extern "C" fn ancil_check_control(
    domain: c_int,
    r#type: c_int,
    protocol: c_int,
    control: *const c_void,
    controllen: usize,
) -> c_int {
    // SAFETY: a buffer of this length, or NULL; and no descriptors.
    unsafe { answer(domain, r#type, protocol, &FAVOURABLE, control, controllen) }
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
    facts: *const ancil_facts,
) -> c_int {
    // SAFETY: a pointer to a struct of ours is valid or NULL.
    let facts = unsafe { facts.as_ref() }.unwrap_or(&FAVOURABLE);
    // SAFETY: a buffer of this length, or NULL; and descriptors, as many as the caller says, or NULL.
    unsafe { answer(domain, r#type, protocol, facts, control, controllen) }
}

/// # Safety
/// `control` is NULL, or valid for reading `controllen` bytes; `fds` of the facts, for `fds_len` descriptors.
#[inline(never)]
unsafe fn answer(
    domain: c_int,
    ty: c_int,
    protocol: c_int,
    facts: &ancil_facts,
    control: *const c_void,
    controllen: usize,
) -> c_int {
    let mut socket = Socket::new(domain, ty, protocol);
    facts.apply_to(&mut socket.state);
    // SAFETY: as the caller promises.
    let (readable, given) = unsafe {
        (
            (!control.is_null()).then(|| bytes(control, controllen)),
            facts.facts(),
        )
    };
    match check_control_at(&socket, &given, readable, controllen) {
        Ok(()) => 0,
        Err(refusal) => status(refusal.errno()),
    }
}

/// All zero.
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
    /// # Safety
    /// `fds` is NULL, or valid for reading `fds_len` descriptors.
    unsafe fn facts(&self) -> Facts<'_> {
        let Self {
            pid,
            uid,
            gid,
            release,
            ..
        } = *self;
        // SAFETY: as the caller promises.
        let open = unsafe { slice(self.fds, self.fds_len) };
        Facts {
            release: match release {
                0 => Release::NEWEST,
                _ => Release((release >> 16) as u16, release as u16),
            },
            capabilities: Capabilities::from_bits_truncate(!self.lacking),
            process: (pid != 0).then_some(Process {
                pid,
                uids: [uid; 3],
                gids: [gid; 3],
            }),
            compat: self.compat != 0,
            optmem_max: if self.optmem_max == 0 {
                OPTMEM_MAX
            } else {
                self.optmem_max
            },
            descriptors: if self.fds.is_null() {
                Descriptors::AllOpen
            } else {
                Descriptors::Open(open)
            },
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
    use core::ptr::{null, null_mut};

    const UDP: [c_int; 3] = [2, SOCK_DGRAM, 0];
    const UNIX: [c_int; 3] = [1, SOCK_STREAM, 0];

    fn check(socket: [c_int; 3], control: &[u8], facts: Option<&ancil_facts>) -> c_int {
        let [domain, ty, protocol] = socket;
        let facts = facts.map_or(null(), core::ptr::from_ref);
        // SAFETY: slices and references.
        unsafe {
            ancil_check_control_with(
                domain,
                ty,
                protocol,
                control.as_ptr().cast(),
                control.len(),
                facts,
            )
        }
    }

    fn message(level: i32, ty: i32, data: &[u8]) -> std::vec::Vec<u8> {
        let mut buffer = std::vec![0; crate::cmsg_space(data.len())];
        let mut writer = crate::Writer::new(&mut buffer);
        writer.put_raw(level, ty, data).unwrap();
        let len = writer.finish().len();
        buffer.truncate(len);
        buffer
    }

    #[test]
    fn null_is_what_sendmsg_says() {
        // SAFETY: NULL is allowed.
        let null = |len| unsafe { ancil_check_control(1, 1, 0, null_mut(), len) };
        assert_eq!(
            [null(0), null(1), null(usize::MAX)],
            [0, -libc::EFAULT, -libc::ENOBUFS]
        );
    }

    #[test]
    fn a_32_bit_program_is_judged_by_its_own_layout() {
        // SAFETY: zero is a value of every field.
        let facts = ancil_facts {
            compat: 1,
            optmem_max: 50,
            ..unsafe { core::mem::zeroed() }
        };
        let message = |len: u32| {
            let header = [12 + len, 77, 7].map(u32::to_ne_bytes).concat();
            [header, std::vec![0; len as usize]].concat()
        };
        let check = |control: &[u8]| check(UNIX, control, Some(&facts));
        assert_eq!([check(&message(4)), check(&message(0).repeat(2))], [0, 0]);
        assert_eq!(check(&message(4)[..11]), -libc::EINVAL);
        assert_eq!(check(&message(5)), 0, "the last one needs no padding");
        assert_eq!(check(&message(40)), -libc::ENOMEM);
        // SAFETY: NULL is allowed.
        let null = unsafe { ancil_check_control_with(1, 1, 0, null_mut(), 1, &facts) };
        assert_eq!(null, -libc::EINVAL);
    }

    #[test]
    fn all_zero_is_favourable_and_every_fact_counts() {
        // SAFETY: zero is a value of every field.
        let zero = || unsafe { core::mem::zeroed::<ancil_facts>() };
        let unprivileged = ancil_facts {
            lacking: !0,
            ..zero()
        };
        let cases = [
            (
                UDP,
                message(SOL_SOCKET, 36, &[1, 0, 0, 0]),
                unprivileged,
                libc::EPERM,
            ),
            (
                UDP,
                message(SOL_SOCKET, 61, &[0; 8]),
                ancil_facts {
                    no_txtime: 1,
                    ..zero()
                },
                libc::EINVAL,
            ),
            (
                UDP,
                message(SOL_SOCKET, 81, &[0; 4]),
                ancil_facts {
                    no_opt_id: 1,
                    ..zero()
                },
                libc::EINVAL,
            ),
            (
                UDP,
                message(SOL_SOCKET, 12, &[0; 4]),
                ancil_facts {
                    release: 6 << 16 | 13,
                    ..zero()
                },
                libc::EINVAL,
            ),
            // On the kernel's stack:
            (
                UDP,
                message(SOL_SOCKET, 12, &[0; 4]),
                ancil_facts {
                    optmem_max: 1,
                    ..zero()
                },
                0,
            ),
            (
                UDP,
                message(7, 7, &[0; 40]),
                ancil_facts {
                    optmem_max: 50,
                    ..zero()
                },
                libc::ENOBUFS,
            ),
            (
                UNIX,
                message(SOL_SOCKET, 1, &7i32.to_ne_bytes()),
                ancil_facts {
                    fds: &8,
                    fds_len: 1,
                    ..zero()
                },
                libc::EBADF,
            ),
            (
                UNIX,
                message(SOL_SOCKET, 1, &7i32.to_ne_bytes()),
                ancil_facts {
                    fds: &7,
                    fds_len: 1,
                    ..zero()
                },
                0,
            ),
            (
                UNIX,
                message(SOL_SOCKET, 2, &[9; 12]),
                ancil_facts {
                    pid: 3,
                    lacking: !0,
                    ..zero()
                },
                libc::EPERM,
            ),
            (
                [10, SOCK_DGRAM, 0],
                message(0, 2, &[0; 4]),
                ancil_facts {
                    to_ipv4: 1,
                    ..zero()
                },
                libc::EINVAL,
            ),
            (
                [2, 3, 1],
                message(0, 7, &[1]),
                ancil_facts {
                    hdrincl: 1,
                    ..zero()
                },
                libc::EINVAL,
            ),
            (
                [2, SOCK_STREAM, 0],
                message(282, 7, &[1]),
                ancil_facts { tls: 1, ..zero() },
                libc::EINVAL,
            ),
        ];
        for (i, (socket, control, facts, errno)) in cases.iter().enumerate() {
            assert_eq!(check(*socket, control, Some(facts)), -errno, "case {i}");
            assert_eq!(
                [
                    check(*socket, control, Some(&zero())),
                    check(*socket, control, None)
                ],
                [0, 0],
                "case {i}"
            );
        }
    }
}
