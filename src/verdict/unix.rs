// SPDX-License-Identifier: MIT OR Apache-2.0
//! Descriptors and credentials, on sockets of `AF_UNIX` and netlink: kernel `__scm_send`.

use super::facts::Capabilities;
use super::refusal::{Fault, Reason, ensure};
use super::rule::{Context, check_length, walk_level};
use crate::error::Lengths::Exactly;
use crate::limits::SCM_MAX_FD;
use crate::payload::{Array, Ucred};
use crate::table::keys::{SCM_CREDENTIALS, SCM_RIGHTS};
use crate::table::level::SOL_SOCKET;
use crate::wire::cmsg::Raw;
use crate::wire::encode::read_whole;
use crate::wire::key::Key;

/// Checks a control buffer. Levels other than `SOL_SOCKET` are skipped.
pub(super) fn check(context: &Context<'_>, rights_allowed: bool) -> Result<(), Fault> {
    let mut descriptors = 0usize;
    walk_level(context, SOL_SOCKET, |raw| match raw.ty {
        SCM_RIGHTS::TYPE if rights_allowed => check_rights(context, raw, &mut descriptors),
        SCM_RIGHTS::TYPE => Err(Reason::RightsOutsideUnix),
        SCM_CREDENTIALS::TYPE => check_credentials(context, raw),
        _ => Err(Reason::Unknown),
    })
}

/// Kernel `scm_fp_copy`. `total` counts the descriptors of all messages so far.
fn check_rights(context: &Context<'_>, raw: &Raw<'_>, total: &mut usize) -> Result<(), Reason> {
    let facts = context.facts;
    let numbers = Array::<i32>::new(raw.data);
    *total = total.saturating_add(numbers.len());
    ensure(*total <= SCM_MAX_FD, Reason::TooManyDescriptors)?;
    for number in numbers.iter() {
        let open = number >= 0 && facts.descriptors.contains(&number);
        ensure(open, Reason::NotOpen)?;
        ensure(!facts.io_urings.contains(&number), Reason::IoUring)?;
    }
    Ok(())
}

/// Kernel `scm_check_creds`, then the search for the process.
fn check_credentials(context: &Context<'_>, raw: &Raw<'_>) -> Result<(), Reason> {
    check_length(Exactly(size_of::<Ucred>()), raw)?;
    let Ucred { pid, uid, gid } = read_whole::<Ucred>(raw.data).ok_or(Reason::Length)?;
    let facts = context.facts;
    let user_exists = uid != u32::MAX && facts.users.contains(&uid);
    let group_exists = gid != u32::MAX && facts.groups.contains(&gid);
    ensure(user_exists && group_exists, Reason::UnmappedId)?;
    let mut is_own_pid = false;
    if let Some(sender) = facts.sender {
        is_own_pid = sender.pid == pid;
        let allowed = (is_own_pid || context.is_capable(Capabilities::CAP_SYS_ADMIN))
            && (sender.uids.contains(&uid) || context.is_capable(Capabilities::CAP_SETUID))
            && (sender.gids.contains(&gid) || context.is_capable(Capabilities::CAP_SETGID));
        ensure(allowed, Reason::Credentials)?;
    }
    let process_exists = is_own_pid || pid > 0 && facts.processes.contains(&pid);
    ensure(process_exists, Reason::NoProcess)
}

#[cfg(test)]
mod tests {
    use crate::arch::SOCK_STREAM;
    use crate::verdict::{Existing, Facts, Reason, Socket, check_control};
    use crate::wire::encode::bytes_of_messages;
    use crate::{Key, SCM_RIGHTS};
    use zerocopy::IntoBytes;

    fn refusal_of(numbers: &[i32], facts: &Facts<'_>) -> Option<Reason> {
        let control =
            bytes_of_messages(&[(SCM_RIGHTS::LEVEL, SCM_RIGHTS::TYPE, numbers.as_bytes())]);
        let socket = Socket::new(1, SOCK_STREAM, 0);
        let verdict = check_control(&socket, facts, &control);
        verdict.err().map(|refusal| refusal.reason)
    }

    #[test]
    fn negative_descriptors_are_never_open() {
        let listed = Facts {
            descriptors: Existing::Only(&[3, -1]),
            ..Facts::FAVOURABLE
        };
        for facts in [Facts::FAVOURABLE, listed] {
            assert_eq!(refusal_of(&[3], &facts), None);
            assert_eq!(refusal_of(&[3, -1], &facts), Some(Reason::NotOpen));
        }
    }

    #[test]
    fn an_io_uring_must_be_open_to_be_one() {
        let facts = Facts {
            descriptors: Existing::Only(&[3, 4]),
            io_urings: &[4, 5],
            ..Facts::FAVOURABLE
        };
        assert_eq!(refusal_of(&[3], &facts), None);
        assert_eq!(refusal_of(&[3, 4], &facts), Some(Reason::IoUring));
        assert_eq!(refusal_of(&[3, 5], &facts), Some(Reason::NotOpen));
    }
}
