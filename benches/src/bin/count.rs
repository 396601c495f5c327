//! Runs each job. count.sh counts the instructions of the functions that do it, which it finds by
//! name.

use ancil::{IoVec, IoVecMut, iov as vectors};
use ancil_benches::cmsg::{Control, Eight, SPACE, decode, decode_c, encode, encode_c};
use ancil_benches::iov::{gather, gather_c, gather_std, scatter, scatter_c, scatter_std};
use std::hint::black_box;

fn main() {
    let mut control = Control([0; SPACE]);
    let mut eight = Eight::SOME;
    let (mut pieces, mut whole) = (vec![7u8; 64 * 16], vec![0u8; 64 * 16]);
    // In the first pass, the dynamic linker resolves memcpy. count.sh runs one pass and two, and
    // takes the difference.
    let times = std::env::args()
        .nth(1)
        .and_then(|n| n.parse().ok())
        .unwrap_or(1);
    for _ in 0..times {
        black_box(encode(&mut control, &eight)).expect("it fits");
        black_box(decode(&control, SPACE, &mut eight)).expect("well-formed");
        black_box(encode_c(&mut control, &eight));
        black_box(decode_c(&control, SPACE, &mut eight));

        let from: Vec<_> = pieces.chunks(16).map(IoVec::new).collect();
        black_box(gather(&from, &mut whole));
        black_box(gather_c(&from, &mut whole));
        black_box(gather_std(vectors::as_io_slices(&from), &mut whole));
        let mut to: Vec<_> = pieces.chunks_mut(16).map(IoVecMut::new).collect();
        black_box(scatter(&mut to, &whole));
        black_box(scatter_c(&mut to, &whole));
        black_box(scatter_std(vectors::as_io_slices_mut(&mut to), &whole));
    }
}
