// SPDX-License-Identifier: MIT OR Apache-2.0
//! [`ancil_facts`], and the verdict that depends on them.

use crate::capi::{bytes, slice};
use crate::limits::OPTMEM_MAX;
use crate::verdict::{
    Capabilities, Existing, Facts, Process, Refusal, Release, Socket, State, check_control_at,
};
use core::ffi::{c_int, c_void};
use core::num::NonZero;

/// What the kernel knows and the control messages do not say. Begin with all fields 0, as in
/// `struct ancil_facts facts = {0};`: that favours the sender in everything.
#[repr(C)]
#[allow(non_camel_case_types, reason = "its name in C")]
pub struct ancil_facts {
    /// Capabilities that the sender lacks, a bit 1 << CAP_* each: ~CapEff of /proc/self/status.
    /// CAP_NET_* count in the user namespace that owns the socket's network, CAP_SETUID and
    /// CAP_SETGID in the sender's own, and CAP_SYS_ADMIN in the one that owns its process ids.
    pub lacking: u64,
    /// net.core.optmem_max in bytes. 0: 131072, the default since Linux 6.8.
    pub optmem_max: usize,
    /// The sender's open descriptors. NULL: every descriptor that is not negative is open.
    pub fds: *const c_int,
    /// Number of descriptors at `fds`.
    pub fds_len: usize,
    /// Flow labels that an IPv6 packet may have. NULL: every label, as if no socket of the network
    /// had an exclusive one.
    pub flow_labels: *const u32,
    /// Number of flow labels at `flow_labels`.
    pub flow_labels_len: usize,
    /// Bytes of payload that go with the control messages. 0: as many as favour the sender.
    pub payload: usize,
    /// MTU of the path, for UDP_SEGMENT, less the bytes of IP options. 0: every segment fits.
    pub mtu: u32,
    /// The interface that IPv6 packets leave through if no message names one. 0: none.
    pub interface: u32,
    /// Flow label and traffic class if no message names them (IPV6_FLOWINFO_SEND). 0: none.
    pub flow_info: u32,
    /// The kernel's version, such as 6 << 16 | 18. 0: the newest one that this library knows.
    pub release: u32,
    /// The sender's process. 0: the sender is whoever SCM_CREDENTIALS says.
    pub pid: c_int,
    /// The sender's user, if `pid` is not 0.
    pub uid: u32,
    /// The sender's group, if `pid` is not 0.
    pub gid: u32,
    /// Not 0: the socket option SO_TXTIME is off.
    pub no_txtime: c_int,
    /// Not 0: the socket option SO_TIMESTAMPING lacks SOF_TIMESTAMPING_OPT_ID.
    pub no_opt_id: c_int,
    /// Not 0: an IPv6 socket of UDP sends to an IPv4 address, such as ::ffff:127.0.0.1.
    pub to_ipv4: c_int,
    /// Not 0: the socket option IP_HDRINCL is on, as it always is for IPPROTO_RAW.
    pub hdrincl: c_int,
    /// Not 0: the kernel encrypts what the socket sends (TCP_ULP "tls", TLS_TX).
    pub tls: c_int,
    /// Not 0: UDP sends without checksums (SO_NO_CHECK, UDP_NO_CHECK6_TX).
    pub no_check: c_int,
    /// Not 0: a 32-bit program on a 64-bit kernel sends the messages, in its own layout.
    pub compat: c_int,
    /// Always 0. Later versions of this library may give these words a meaning.
    pub spare: [u64; 4],
}

/// The facts of a caller who passes none.
pub(super) const FAVOURABLE: ancil_facts = ancil_facts {
    lacking: 0,
    optmem_max: 0,
    fds: core::ptr::null(),
    fds_len: 0,
    flow_labels: core::ptr::null(),
    flow_labels_len: 0,
    payload: 0,
    mtu: 0,
    interface: 0,
    flow_info: 0,
    release: 0,
    pid: 0,
    uid: 0,
    gid: 0,
    no_txtime: 0,
    no_opt_id: 0,
    to_ipv4: 0,
    hdrincl: 0,
    tls: 0,
    no_check: 0,
    compat: 0,
    spare: [0; 4],
};

impl ancil_facts {
    /// Judges control messages on a socket of this domain, type and protocol.
    ///
    /// # Safety
    /// `control` must be NULL, or valid for reading `controllen` bytes, until this returns. `fds`
    /// must be NULL, or valid for reading `fds_len` descriptors, and `flow_labels` likewise for
    /// `flow_labels_len` words, until this returns.
    pub(super) unsafe fn check(
        &self,
        [domain, ty, protocol]: [c_int; 3],
        control: *const c_void,
        controllen: usize,
    ) -> Result<(), Refusal> {
        let mut socket = Socket::new(domain, ty, protocol);
        self.apply_to(&mut socket);
        // SAFETY: `bytes` needs `control` to be NULL or valid for reading `controllen` bytes. The
        // caller guarantees that until this returns, and `readable` is not used later.
        let readable = (!control.is_null()).then(|| unsafe { bytes(control, controllen) });
        // SAFETY: `to_facts` needs `fds` and `flow_labels` to be NULL or valid for reading as many
        // elements as their lengths say. The caller guarantees that until this returns, and the
        // facts are not used later.
        let facts = unsafe { self.to_facts() };
        check_control_at(&socket, &facts, readable, controllen)
    }

    /// Converts all but the state of the socket, which [`apply_to`](Self::apply_to) converts.
    ///
    /// # Safety
    /// `fds` must be NULL, or valid for reading `fds_len` descriptors for as long as `self` is
    /// borrowed; `flow_labels` likewise for `flow_labels_len` words.
    unsafe fn to_facts(&self) -> Facts<'_> {
        let sender = Process {
            pid: self.pid,
            uids: [self.uid; 3],
            gids: [self.gid; 3],
        };
        // SAFETY: `existing` needs `fds` to be NULL or valid for reading `fds_len` elements while
        // the list lives. This function's caller guarantees that for the lifetime of `self`, which
        // is that of the list. Every value of `c_int` is valid, and `fds` is aligned as a pointer
        // to `int` in C is.
        let descriptors = unsafe { existing(self.fds, self.fds_len) };
        // SAFETY: `existing` needs `flow_labels` to be NULL or valid for reading `flow_labels_len`
        // elements while the list lives. This function's caller guarantees that for the lifetime of
        // `self`, which is that of the list. Every value of `u32` is valid, and `flow_labels` is
        // aligned as a pointer to `unsigned int` in C is.
        let flow_labels = unsafe { existing(self.flow_labels, self.flow_labels_len) };
        Facts {
            release: match self.release {
                0 => Release::NEWEST,
                release => Release((release >> 16) as u16, release as u16),
            },
            capabilities: Capabilities::from_bits_truncate(!self.lacking),
            sender: (self.pid != 0).then_some(sender),
            compat: self.compat != 0,
            optmem_max: NonZero::new(self.optmem_max).map_or(OPTMEM_MAX, NonZero::get),
            payload: (self.payload != 0).then_some(self.payload),
            mtu: NonZero::new(self.mtu).map_or(usize::MAX, |mtu| mtu.get() as usize),
            descriptors,
            flow_labels,
            ..Facts::FAVOURABLE
        }
    }

    fn apply_to(&self, socket: &mut Socket) {
        (socket.interface, socket.flow_info) = (self.interface, self.flow_info);
        let state = &mut socket.state;
        state.set(State::TXTIME, self.no_txtime == 0);
        state.set(State::OPT_ID, self.no_opt_id == 0);
        state.set(State::TO_IPV4, self.to_ipv4 != 0);
        state.set(State::TLS, self.tls != 0);
        state.set(State::NO_CHECK | State::NO_CHECK6_TX, self.no_check != 0);
        // A raw socket of IPPROTO_RAW has it without being told.
        if self.hdrincl != 0 {
            state.insert(State::HDRINCL);
        }
    }
}

/// Returns the list of `len` elements at `data`, or everything if that is NULL.
///
/// # Safety
/// `data` must be NULL, or aligned and valid for reading `len` elements for as long as the list
/// lives, and each of the elements must be a valid `T`.
unsafe fn existing<'a, T>(data: *const T, len: usize) -> Existing<'a, T> {
    if data.is_null() {
        return Existing::All;
    }
    // SAFETY: `slice` needs what this function's caller guarantees: `data` is not NULL, and so is
    // aligned and valid for reading `len` valid elements while the slice lives.
    Existing::Only(unsafe { slice(data, len) })
}
