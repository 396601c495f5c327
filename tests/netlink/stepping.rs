//! The stepping rule against the kernel's own: in a datagram with arbitrary lengths, the kernel
//! acknowledges exactly the messages that the reader finds.

use crate::support::*;
use ancil::netlink::{NLM_F_ACK, NLM_F_REQUEST, NLMSG_NOOP, Nlattr, Nlmsghdr, Reader};
use ancil::zerocopy::IntoBytes;
use libc::{IFLA_MTU, RTM_NEWLINK};

/// A type of attribute that the kernel ignores.
const UNKNOWN: u16 = 0x3ff0;

/// Pseudo-random numbers, the same in every run.
struct Numbers(u64);

impl Numbers {
    fn below(&mut self, n: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let z = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        ((z ^ (z >> 31)) % n as u64) as usize
    }

    /// Returns `right`, or a length that is wrong by a little or a lot.
    fn about(&mut self, right: usize) -> usize {
        match self.below(12) {
            0 => self.below(right + 9),
            1 => right + 1 + self.below(4),
            2 => [0, 3, 15, 0xffff][self.below(4)],
            _ => right,
        }
    }
}

pub fn the_kernel_finds_the_same_messages() -> Outcome {
    let socket = route_socket()?;
    let mut numbers = Numbers(1);
    let (mut found, mut malformed) = (0, 0);
    for _ in 0..3000 {
        let mut datagram = Vec::new();
        for seq in 1..=1 + numbers.below(5) as u32 {
            let payload = numbers.below(9);
            let nlmsg_len = numbers.about(16 + payload) as u32;
            let header = Nlmsghdr {
                nlmsg_len,
                ..Nlmsghdr::new(NLMSG_NOOP, NLM_F_REQUEST | NLM_F_ACK, seq)
            };
            datagram.extend(header.as_bytes());
            datagram.extend(vec![0; payload]);
            if numbers.below(9) > 0 {
                datagram.resize(datagram.len().next_multiple_of(4), 0);
            }
        }
        datagram.extend(vec![0; numbers.below(3) * numbers.below(19)]);

        let ours: Vec<_> = Reader::new(&datagram)
            .map_while(Result::ok)
            .map(|message| message.header.nlmsg_seq)
            .collect();
        malformed += usize::from(Reader::new(&datagram).any(|message| message.is_err()));
        send(&socket, &datagram)?;
        let mut theirs = Vec::new();
        while let Some(answer) = receive(&socket)? {
            for message in Reader::new(&answer) {
                theirs.push(
                    message?
                        .report()?
                        .expect("an acknowledgement")
                        .request
                        .expect("its header")
                        .nlmsg_seq,
                );
            }
        }
        assert_eq!(ours, theirs, "{datagram:?}");
        found += ours.len();
    }
    assert!(
        found > 5000 && malformed > 500,
        "{found} messages, {malformed} malformed"
    );
    Ok(())
}

/// An attribute that the kernel refuses follows others. The kernel reports the offset of the first
/// such attribute that it finds, or none if its walk ends before that.
pub fn the_kernel_finds_the_same_attributes() -> Outcome {
    let socket = route_socket()?;
    let mut numbers = Numbers(2);
    let (mut found, mut hidden) = (0, 0);
    for _ in 0..3000 {
        let mut request = Nlmsghdr::new(RTM_NEWLINK, NLM_F_REQUEST | NLM_F_ACK, 1)
            .as_bytes()
            .to_vec();
        request.extend(LO.as_bytes());
        for _ in 0..numbers.below(4) {
            let payload = 1 + numbers.below(9);
            let nla_len = numbers.about(4 + payload).min(0xffff) as u16;
            request.extend(
                Nlattr {
                    nla_len,
                    nla_type: UNKNOWN,
                }
                .as_bytes(),
            );
            request.extend(vec![0; payload]);
            request.resize(request.len().next_multiple_of(4), 0);
        }
        // The MTU is a u32, and three bytes are too few.
        request.extend(
            Nlattr {
                nla_len: 7,
                nla_type: IFLA_MTU,
            }
            .as_bytes(),
        );
        request.extend([0; 3]);
        let len = request.len() as u32;
        request[..4].copy_from_slice(&len.to_ne_bytes());

        let message = Reader::new(&request).next().expect("the request")?;
        let refused = |ty: u16, len: usize| ty == IFLA_MTU && len < 4;
        let attributes = message
            .attributes(size_of::<Ifinfomsg>())
            .map_while(Result::ok);
        let ours = attributes
            .filter(|a| refused(a.ty(), a.data.len()))
            .map(|a| a.offset as u32)
            .next();
        let answer = ask(&socket, &request)?;
        let report = Reader::new(&answer)
            .next()
            .expect("an answer")?
            .report()?
            .expect("a report");
        assert_eq!(
            ours,
            report.bad_attribute_offset(),
            "{report:?} of {request:?}"
        );
        found += usize::from(ours.is_some());
        hidden += usize::from(ours.is_none());
    }
    assert!(
        found > 1000 && hidden > 100,
        "{found} found, {hidden} hidden"
    );
    Ok(())
}
