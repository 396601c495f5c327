//! [`Known`]: what the rules ask of the system, whoever answers.

use super::facts::{Capabilities, Descriptor, Facts, Process, Release};
use crate::payload::In6Addr;

/// What the rules ask: of [`Facts`], or of what C has in their place, which is not copied for it. The fields of
/// [`Facts`] say what each is; what has an answer here is favourable.
pub(crate) trait Known: Copy {
    fn release(&self) -> Release;
    fn capabilities(&self) -> Capabilities;
    fn process(&self) -> Option<Process>;
    fn compat(&self) -> bool;
    /// What a number that is not negative refers to.
    fn descriptor(&self, number: i32) -> Descriptor;

    fn optmem_max(&self) -> usize;
    fn optmem_used(&self) -> usize {
        0
    }
    fn cipso(&self) -> bool {
        true
    }
    fn mip6(&self) -> bool {
        true
    }
    fn process_exists(&self, _: i32) -> bool {
        true
    }
    fn user_mapped(&self, _: u32) -> bool {
        true
    }
    fn group_mapped(&self, _: u32) -> bool {
        true
    }
    fn interface_exists(&self, _: u32) -> bool {
        true
    }
    fn source_usable(&self, _: In6Addr) -> bool {
        true
    }
}

/// What one of the facts says of `it`.
fn holds<T>(fact: Option<&dyn Fn(T) -> bool>, it: T) -> bool {
    fact.is_none_or(|fact| fact(it))
}

impl Known for &Facts<'_> {
    fn release(&self) -> Release {
        self.release
    }
    fn capabilities(&self) -> Capabilities {
        self.capabilities
    }
    fn process(&self) -> Option<Process> {
        self.process
    }
    fn compat(&self) -> bool {
        self.compat
    }
    fn descriptor(&self, number: i32) -> Descriptor {
        self.descriptors.find(number)
    }
    fn optmem_max(&self) -> usize {
        self.optmem_max
    }
    fn optmem_used(&self) -> usize {
        self.optmem_used
    }
    fn cipso(&self) -> bool {
        self.cipso
    }
    fn mip6(&self) -> bool {
        self.mip6
    }
    fn process_exists(&self, number: i32) -> bool {
        holds(self.process_exists, number)
    }
    fn user_mapped(&self, user: u32) -> bool {
        holds(self.user_mapped, user)
    }
    fn group_mapped(&self, group: u32) -> bool {
        holds(self.group_mapped, group)
    }
    fn interface_exists(&self, number: u32) -> bool {
        holds(self.interface_exists, number)
    }
    fn source_usable(&self, address: In6Addr) -> bool {
        holds(self.source_usable, address)
    }
}
