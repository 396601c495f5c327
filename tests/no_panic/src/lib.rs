//! Proves that nothing in ancil panics: `ancil_functions` refers to every public function of ancil,
//! and a panic that one of them can reach refers to a function that does not exist.
//!
//! `ffi-tests/tests/no_panic.rs` links this crate, and compares the lists with the public functions
//! that rustdoc knows. Functions that need `std` are listed there, with the reason.
#![no_std]

/// A function that must not reach a panic.
struct Entry {
    /// The item path below `ancil`, with generic arguments, or nothing if rustdoc does not list the
    /// function by a path.
    name: &'static str,
    /// The linker takes the function, and all that the function calls, for the sake of this.
    address: *const (),
}

/// Entries for public functions, each written as the path below `ancil`. Where an argument is an
/// `impl Trait`, the type of the function follows.
macro_rules! public {
    ($($function:path $(: $type:ty)?),+ $(,)?) => { &[$(
        Entry {
            name: stringify!($function),
            address: { let function $(: $type)? = $function; function as *const () },
        },
    )+] };
}

/// Entries for functions of traits, and for other functions without a public path.
macro_rules! unnamed {
    ($($function:expr),+ $(,)?) => {
        &[$( Entry { name: "", address: $function as *const () } ),+]
    };
}

/// Entries for the functions that `bitflags!` gives to a type.
macro_rules! flags {
    ($Type:path) => { flags! { $Type:
        empty all bits from_bits from_bits_truncate from_bits_retain from_name is_empty is_all
        intersects contains insert remove toggle set intersection union difference
        symmetric_difference complement iter iter_names
    } };
    ($Type:path: $($function:ident)+) => { &[$(
        Entry {
            name: concat!(stringify!($Type), "::", stringify!($function)),
            address: <$Type>::$function as *const (),
        },
    )+] };
}

#[macro_use]
#[path = "../../catalogue_columns.rs"]
mod catalogue_columns;
mod addr;
mod datagram;
mod exthdr;
mod iov;
mod netlink;
mod payload;
#[cfg(ancil_stacks)]
mod stacks;
mod sys;
mod verdict;
mod wire;

/// Every entry.
const LISTS: &[&[Entry]] = &[
    addr::PUBLIC,
    addr::UNNAMED,
    datagram::PUBLIC,
    datagram::UNNAMED,
    exthdr::PUBLIC,
    exthdr::UNNAMED,
    iov::FLAGS,
    iov::PUBLIC,
    iov::UNNAMED,
    netlink::PUBLIC,
    netlink::UNNAMED,
    payload::FLAGS,
    payload::PUBLIC,
    payload::UNNAMED,
    sys::PUBLIC,
    sys::UNNAMED,
    verdict::CAPABILITIES,
    verdict::STATE,
    verdict::PUBLIC,
    verdict::UNNAMED,
    wire::PUBLIC,
    wire::UNNAMED,
    wire::KEYS,
    wire::BY_KEY,
    #[cfg(ancil_panics)]
    unnamed![panics],
];

/// Calls `each` with every entry: with the bytes of the name, their number, and the address.
#[unsafe(no_mangle)]
pub extern "C" fn ancil_functions(each: extern "C" fn(*const u8, usize, *const ())) {
    for entry in LISTS.iter().copied().flatten() {
        each(entry.name.as_ptr(), entry.name.len(), entry.address);
    }
}

/// A loop over the iterator that a function returns without naming the type.
const fn looped<A, I: Iterator>(_: fn(A) -> I) -> fn(I) {
    fn exhaust<I: Iterator>(iterator: I) {
        for item in iterator {
            core::hint::black_box(item);
        }
    }
    exhaust::<I>
}

/// Shows that the proof can fail: with this entry the crate does not link.
#[cfg(ancil_panics)]
fn panics(bytes: &[u8], n: usize) -> u8 {
    bytes[n]
}

/// Only the profile `capi` aborts: elsewhere the panic handler is that of `std`.
#[cfg(all(panic = "abort", not(test)))]
#[panic_handler]
fn panic(_: &core::panic::PanicInfo<'_>) -> ! {
    unsafe extern "C" {
        safe fn ancil_a_panic_is_reachable() -> !;
    }
    ancil_a_panic_is_reachable()
}
