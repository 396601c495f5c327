//! Measures writing and reading eight control messages: `cargo bench --bench cmsg`.

use ancil_benches::clock::{contestant, race};
use ancil_benches::cmsg::{Control, Eight, SPACE, decode, decode_c, encode, encode_c};
use std::hint::black_box;

fn main() {
    let (mut ours, mut theirs) = (Control([0xaa; SPACE]), Control([0x55; SPACE]));
    assert_eq!(encode(&mut ours, &Eight::SOME), Ok(SPACE));
    assert_eq!(encode_c(&mut theirs, &Eight::SOME), SPACE);
    assert_eq!(ours.0, theirs.0, "the same bytes");
    let (mut a, mut b) = (Eight::NONE, Eight::NONE);
    assert_eq!(
        (
            decode(&theirs, SPACE, &mut a),
            decode_c(&ours, SPACE, &mut b)
        ),
        (Ok(8), 8)
    );
    assert_eq!((a, b), (Eight::SOME, Eight::SOME));

    let some = black_box(Eight::SOME);
    let (mut one, mut two) = (Control([0; SPACE]), Control([0; SPACE]));
    let encoders = vec![
        contestant("ancil", || encode(black_box(&mut one), &some)),
        contestant("CMSG_* macros in C", || {
            encode_c(black_box(&mut two), &some)
        }),
    ];
    race("encode 8 messages", 0, encoders);
    let decoders = vec![
        contestant("ancil", || decode(black_box(&ours), SPACE, &mut a)),
        contestant("CMSG_* macros in C", || {
            decode_c(black_box(&theirs), SPACE, &mut b)
        }),
    ];
    race("decode 8 messages", 0, decoders);
}
