//! Multishot `recvmsg` of `io_uring(7)`: the kernel fills the buffers that `ancil::uring` parses.

use crate::support::*;

trials! {
    descriptors_arrive_with_close_on_exec [SCM_RIGHTS]
    control_messages_are_cut
    an_address_longer_than_its_space
    a_message_longer_than_its_space
    a_part_of_the_control_space
    a_buffer_is_used_again
}

#[cfg(not(any(
    target_arch = "x86_64",
    target_arch = "aarch64",
    target_arch = "riscv64"
)))]
use no_ring::*;
#[cfg(any(
    target_arch = "x86_64",
    target_arch = "aarch64",
    target_arch = "riscv64"
))]
use ring::*;

#[cfg(not(any(
    target_arch = "x86_64",
    target_arch = "aarch64",
    target_arch = "riscv64"
)))]
mod no_ring {
    use crate::support::*;

    fn skip() -> Outcome {
        Err(Stop::Skip(
            "the crate io-uring lacks the numbers of this machine".into(),
        ))
    }

    pub fn descriptors_arrive_with_close_on_exec() -> Outcome {
        skip()
    }

    pub fn control_messages_are_cut() -> Outcome {
        skip()
    }

    pub fn an_address_longer_than_its_space() -> Outcome {
        skip()
    }

    pub fn a_message_longer_than_its_space() -> Outcome {
        skip()
    }

    pub fn a_part_of_the_control_space() -> Outcome {
        skip()
    }

    pub fn a_buffer_is_used_again() -> Outcome {
        skip()
    }
}

#[cfg(any(
    target_arch = "x86_64",
    target_arch = "aarch64",
    target_arch = "riscv64"
))]
mod ring {
    use crate::support::*;
    use crate::udp4;
    use ancil::addr::SockaddrIn;
    use ancil::uring::Multishot;
    use ancil::{MsgFlags, Payload, Received, SCM_CREDENTIALS, SCM_RIGHTS, UpTo, io, space_of};
    use io_uring::{IoUring, cqueue, opcode, types};
    use std::io::Error as IoError;
    use std::os::fd::{AsRawFd, RawFd};
    use std::os::unix::net::UnixDatagram;

    const GROUP: u16 = 7;
    const BUFFERS: usize = 2;
    const PAYLOAD: usize = 100;
    const CONTROL: usize = space_of::<UpTo<SCM_RIGHTS, 2>>();

    /// A ring with a request that fills a buffer for each message of a socket.
    struct Armed {
        ring: IoUring,
        shot: Multishot,
        /// The kernel writes to it until the ring is gone, which is dropped first.
        pool: Vec<u8>,
        /// The number of the buffer with the last message.
        last: u16,
    }

    fn arm(socket: RawFd, shot: Multishot) -> Outcome<Armed> {
        let mut ring = needs("io_uring", IoUring::new(4))?;
        let size = shot.buffer_len(PAYLOAD);
        let mut pool = vec![0xaa; BUFFERS * size];
        let (start, len, count) = (pool.as_mut_ptr(), size as i32, BUFFERS as u16);
        let provide = opcode::ProvideBuffers::new(start, len, count, GROUP, 0).build();
        let header = shot.user_msghdr().to_libc()?;
        let receive = opcode::RecvMsgMulti::new(types::Fd(socket), &raw const header, GROUP)
            .flags(shot.flags().bits())
            .build();
        // SAFETY: the kernel may write to the buffers until the ring is gone. They are those of
        // `pool`, which `Armed` drops after the ring; if this function returns early, no request
        // was made that would fill them.
        unsafe { ring.submission().push(&provide)? };
        ring.submit_and_wait(1)?;
        let provided = ring.completion().next().map(|entry| entry.result());
        if provided == Some(-libc::EINVAL) {
            return Err(Stop::Skip("this kernel provides no buffers".into()));
        }
        assert_eq!(provided, Some(0));
        // SAFETY: the kernel reads the header until the request is submitted, which the call below
        // does, and `header` lives longer. The header has lengths and no pointers.
        unsafe { ring.submission().push(&receive)? };
        ring.submit()?;
        Ok(Armed {
            ring,
            shot,
            pool,
            last: 0,
        })
    }

    impl Armed {
        /// Waits for a message.
        fn receive(&mut self) -> Outcome<Received<'_>> {
            self.ring.submit_and_wait(1)?;
            let entry = self.ring.completion().next().expect("waited for one");
            let result = entry.result();
            if result == -libc::EINVAL {
                return Err(Stop::Skip("multishot recvmsg needs Linux 6.0".into()));
            }
            let Ok(len) = usize::try_from(result) else {
                return Err(IoError::from_raw_os_error(-result).into());
            };
            assert!(cqueue::more(entry.flags()), "the request goes on");
            self.last = cqueue::buffer_select(entry.flags()).expect("a buffer was chosen");
            let start = usize::from(self.last) * self.shot.buffer_len(PAYLOAD);
            let buffer = &mut self.pool[start..start + len];
            // SAFETY: a completion of a request with these spaces and flags reported the buffer, it
            // is passed here once, and nobody wrote to it or used a descriptor in it.
            // `io::close` may be called with any open descriptor.
            Ok(unsafe { self.shot.received(buffer, io::close) }?)
        }

        /// Gives the buffer of the last message back to the ring, with the bytes that are in it.
        fn give_back(&mut self) -> Outcome {
            let size = self.shot.buffer_len(PAYLOAD);
            let start = &mut self.pool[usize::from(self.last) * size..][..size];
            let (start, len) = (start.as_mut_ptr(), size as i32);
            let provide = opcode::ProvideBuffers::new(start, len, 1, GROUP, self.last).build();
            // SAFETY: the kernel may write to the buffer until the ring is gone. It is a part of
            // the pool, which is dropped after the ring, and the message that borrowed it is gone,
            // because that borrowed `self`.
            unsafe { self.ring.submission().push(&provide)? };
            self.ring.submit_and_wait(1)?;
            let provided = self.ring.completion().next().map(|entry| entry.result());
            assert_eq!(provided, Some(0));
            Ok(())
        }
    }

    pub fn descriptors_arrive_with_close_on_exec() -> Outcome {
        let (here, there) = UnixDatagram::pair()?;
        let before = open_fds();
        {
            let mut armed = arm(here.as_raw_fd(), Multishot::new(0, CONTROL))?;
            for text in [b"one", b"two"] {
                let file = std::fs::File::open("/proc/self/comm")?;
                io::send_fds(&there, text, &[(&file).into(), (&there).into()])?;
                let mut received = armed.receive()?;
                assert_eq!(
                    (received.data(), received.flags()),
                    (&text[..], MsgFlags::empty())
                );
                let taken = received.take_fds().next().expect("two arrived");
                // SAFETY: F_GETFD takes any descriptor.
                let flags = unsafe { libc::fcntl(taken.as_raw_fd(), libc::F_GETFD) };
                assert_eq!(flags, libc::FD_CLOEXEC);
            }
        }
        assert_eq!(open_fds(), before, "what nobody took was closed");
        Ok(())
    }

    pub fn control_messages_are_cut() -> Outcome {
        let (here, there) = UnixDatagram::pair()?;
        let before = open_fds();
        {
            let one = space_of::<UpTo<SCM_RIGHTS, 1>>();
            let mut armed = arm(here.as_raw_fd(), Multishot::new(0, one))?;
            let many = [(&there).into(), (&there).into(), (&there).into()];
            io::send_fds(&there, b"x", &many)?;
            let received = armed.receive()?;
            assert_eq!(received.flags(), MsgFlags::MSG_CTRUNC);
            assert!(received.is_truncated() && received.fds().count() >= 1);
        }
        assert_eq!(open_fds(), before, "also what arrived of them");
        Ok(())
    }

    pub fn an_address_longer_than_its_space() -> Outcome {
        let (a, b) = udp4::pair()?;
        for (space, name) in [(128, 16), (16, 16), (8, 8)] {
            let mut armed = arm(b.as_raw_fd(), Multishot::new(space, 0))?;
            a.send(b"hello")?;
            let received = armed.receive()?;
            assert_eq!((received.name().len(), received.name_len()), (name, 16));
            assert_eq!(received.data(), b"hello");
            if name == 16 {
                let from = SockaddrIn::decode(received.name());
                assert!(from.is_ok());
            }
        }
        Ok(())
    }

    pub fn a_message_longer_than_its_space() -> Outcome {
        let (here, there) = UnixDatagram::pair()?;
        let mut armed = arm(here.as_raw_fd(), Multishot::new(0, 0))?;
        there.send(&[7; PAYLOAD + 50])?;
        let received = armed.receive()?;
        assert_eq!(received.flags(), MsgFlags::MSG_TRUNC);
        assert_eq!(
            (received.data(), received.bytes()),
            (&[7; PAYLOAD][..], PAYLOAD)
        );
        Ok(())
    }

    /// What the kernel did not write to is no message. The pool is full of 0xaa.
    pub fn a_part_of_the_control_space() -> Outcome {
        let (here, there) = UnixDatagram::pair()?;
        let mut armed = arm(here.as_raw_fd(), Multishot::new(0, 4 * CONTROL))?;
        io::send_fds(&there, b"with", &[(&there).into()])?;
        there.send(b"without")?;
        for (text, fds) in [(&b"with"[..], 1), (b"without", 0)] {
            let received = armed.receive()?;
            assert_eq!((received.data(), received.fds().count()), (text, fds));
            assert_eq!(
                received.control().as_bytes().len(),
                fds * space_of::<UpTo<SCM_RIGHTS, 1>>()
            );
            received
                .control()
                .try_for_each(|message| message.map(drop))?;
        }
        Ok(())
    }

    /// Descriptors of a message that was in the buffer before have no second owner.
    pub fn a_buffer_is_used_again() -> Outcome {
        type Expected = (SCM_CREDENTIALS, UpTo<SCM_RIGHTS, 2>);
        let (here, there) = UnixDatagram::pair()?;
        let before = open_fds();
        {
            let mut armed = arm(here.as_raw_fd(), Multishot::new(0, space_of::<Expected>()))?;
            let rounds = [(false, 2), (false, 0), (true, 2), (true, 0), (false, 0)];
            for (credentials, fds) in rounds {
                match credentials {
                    true => enable::<SCM_CREDENTIALS>(&here)?,
                    false => disable::<SCM_CREDENTIALS>(&here)?,
                }
                for _ in 0..BUFFERS {
                    io::send_fds(&there, b"x", &[(&there).into(); 2][..fds])?;
                    let received = armed.receive()?;
                    let found = received.control().get_all::<Expected>()?;
                    assert_eq!(found.0.is_some(), credentials);
                    assert_eq!((found.1.is_some(), received.fds().count()), (fds > 0, fds));
                    drop(received);
                    armed.give_back()?;
                }
            }
        }
        assert_eq!(open_fds(), before);
        Ok(())
    }
}
