//! Measures gather and scatter of 64 pieces: `cargo bench --bench iov`.

use ancil::{IoVec, IoVecMut, iov as vectors};
use ancil_benches::clock::{contestant, race};
use ancil_benches::iov::{
    gather, gather_c, gather_std, memcpy, memcpy_from_pieces, memcpy_to_pieces, scatter, scatter_c,
    scatter_std,
};
use std::cell::RefCell;
use std::hint::black_box;

const PIECES: usize = 64;

fn main() {
    for size in [16, 64, 256, 4096, 65536] {
        let bytes = PIECES * size;
        let mut memory = vec![7u8; bytes];
        let mut whole = vec![0u8; bytes];

        let from: Vec<_> = memory.chunks(size).map(IoVec::new).collect();
        let slices = vectors::as_io_slices(&from);
        let to = RefCell::new(&mut whole[..]); // only one contestant runs at a time
        let gathering = vec![
            contestant("ancil", || gather(black_box(&from), &mut to.borrow_mut())),
            contestant("memcpy, 64 calls", || {
                memcpy_from_pieces(&mut to.borrow_mut(), &memory, size)
            }),
            contestant("memcpy, one call", || memcpy(&mut to.borrow_mut(), &memory)),
            contestant("C loop", || {
                gather_c(black_box(&from), &mut to.borrow_mut())
            }),
            contestant("std IoSlice loop", || {
                gather_std(black_box(slices), &mut to.borrow_mut())
            }),
        ];
        race(&format!("gather {PIECES} x {size}"), bytes, gathering);

        // The vectors borrow `memory`, so contestants without vectors write to other memory.
        let mut plain = vec![0u8; bytes];
        let plain = RefCell::new(&mut plain[..]);
        let mut to: Vec<_> = memory.chunks_mut(size).map(IoVecMut::new).collect();
        let to = RefCell::new(&mut to[..]);
        let scattering = vec![
            contestant("ancil", || scatter(black_box(&mut to.borrow_mut()), &whole)),
            contestant("memcpy, 64 calls", || {
                memcpy_to_pieces(&mut plain.borrow_mut(), &whole, size)
            }),
            contestant("memcpy, one call", || {
                memcpy(&mut plain.borrow_mut(), &whole)
            }),
            contestant("C loop", || {
                scatter_c(black_box(&mut to.borrow_mut()), &whole)
            }),
            contestant("std IoSliceMut loop", || {
                scatter_std(
                    vectors::as_io_slices_mut(black_box(&mut to.borrow_mut())),
                    &whole,
                )
            }),
        ];
        race(&format!("scatter {PIECES} x {size}"), bytes, scattering);
    }
}
