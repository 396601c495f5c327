//! Descriptors and credentials, on sockets of `AF_UNIX` and netlink: kernel `__scm_send`.

use super::facts::{Capabilities, Descriptor, holds};
use super::refusal::{Reason, Refusal};
use super::rule::{Context, ensure, fits, unless, walk};
use crate::error::Lengths::Exactly;
use crate::limits::SCM_MAX_FD;
use crate::payload::{Array, Ucred};
use crate::table::keys::{SCM_CREDENTIALS, SCM_RIGHTS};
use crate::table::level::SOL_SOCKET;
use crate::wire::cmsg::Raw;
use zerocopy::FromBytes;

/// A control buffer. Levels other than `SOL_SOCKET` are skipped.
#[inline(never)]
pub(super) fn check(context: &Context<'_>, rights_allowed: bool) -> Result<(), Refusal> {
    let mut descriptors = 0usize;
    walk(context, |raw| {
        if raw.level != SOL_SOCKET {
            Ok(())
        } else if SCM_RIGHTS.is(raw) {
            if rights_allowed {
                rights(context, raw, &mut descriptors)
            } else {
                Err(Reason::RightsOffUnix)
            }
        } else if SCM_CREDENTIALS.is(raw) {
            credentials(context, raw)
        } else {
            Err(Reason::Unknown)
        }
    })
}

/// Kernel `scm_fp_copy`. `before` counts the descriptors of all messages so far.
fn rights(context: &Context<'_>, raw: &Raw<'_>, before: &mut usize) -> Result<(), Reason> {
    let numbers = Array::<i32>::new(raw.data);
    *before = before.saturating_add(numbers.len());
    unless(*before > SCM_MAX_FD, Reason::TooManyDescriptors)?;
    for number in numbers.iter() {
        let found = if number < 0 {
            Descriptor::Closed
        } else {
            context.facts.descriptors.find(number)
        };
        match found {
            Descriptor::Open => {}
            Descriptor::Closed => return Err(Reason::NotOpen),
            Descriptor::IoUring => return Err(Reason::IoUring),
        }
    }
    Ok(())
}

/// Kernel `scm_check_creds`, then the search for the process.
fn credentials(context: &Context<'_>, raw: &Raw<'_>) -> Result<(), Reason> {
    fits(Exactly(size_of::<Ucred>()), raw)?;
    let Ucred { pid, uid, gid } = Ucred::read_from_bytes(raw.data).map_err(|_| Reason::Length)?;
    let facts = context.facts;
    unless(
        uid == u32::MAX
            || gid == u32::MAX
            || !holds(facts.user_mapped, uid)
            || !holds(facts.group_mapped, gid),
        Reason::UnmappedId,
    )?;
    let own = facts.process;
    let may =
        |is_own: bool, capability| own.is_none() || is_own || context.capable(capability).is_ok();
    let allowed = may(
        own.is_some_and(|own| own.pid == pid),
        Capabilities::CAP_SYS_ADMIN,
    ) && may(
        own.is_some_and(|own| own.uids.contains(&uid)),
        Capabilities::CAP_SETUID,
    ) && may(
        own.is_some_and(|own| own.gids.contains(&gid)),
        Capabilities::CAP_SETGID,
    );
    unless(!allowed, Reason::Credentials)?;
    let exists =
        own.is_some_and(|own| own.pid == pid) || pid > 0 && holds(facts.process_exists, pid);
    ensure(exists, Reason::NoProcess)
}

#[cfg(test)]
mod tests {
    use crate::arch::SOCK_STREAM;
    use crate::errno::number::EBADF;
    use crate::verdict::{Descriptor, Descriptors, Facts, Socket, check_control};
    use crate::{SCM_RIGHTS, Writer};

    #[test]
    fn nobody_is_asked_about_negative_descriptors() {
        let mut buffer = [0; SCM_RIGHTS.space_for(2)];
        let mut writer = Writer::new(&mut buffer);
        writer.put(SCM_RIGHTS, &[3, -1]).unwrap();
        let ask = |number| {
            if number == 3 {
                Descriptor::Open
            } else {
                panic!("asked about {number}")
            }
        };
        let facts = Facts {
            descriptors: Descriptors::Ask(&ask),
            ..Facts::default()
        };
        let refusal =
            check_control(&Socket::new(1, SOCK_STREAM, 0), &facts, writer.finish()).unwrap_err();
        assert_eq!(refusal.errno(), EBADF);
    }
}
