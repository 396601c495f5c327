//! Calls of ancil as a program has them, whose bytes of code rust.sh counts. Each use has a module,
//! which is a unit of its own for rustc, and two functions: `first_` and `next_` with the name of
//! the module. The two differ, because equal functions would become one.
#![no_std]

use core::panic::PanicInfo;

#[panic_handler]
fn panic(_: &PanicInfo<'_>) -> ! {
    loop {}
}

/// Where a packet came from, how many packets are in it, how it was marked.
#[derive(Default)]
pub struct Packet {
    interface: u32,
    segment: i32,
    mark: i32,
}

pub mod get {
    use ancil::{Error, IP_TTL, IPV6_HOPLIMIT, Reader};

    #[unsafe(no_mangle)]
    pub fn first_get(control: &[u8]) -> Result<Option<i32>, Error> {
        Reader::new(control).get(IP_TTL)
    }

    #[unsafe(no_mangle)]
    pub fn next_get(control: &[u8]) -> Result<Option<i32>, Error> {
        Reader::new(control).get(IPV6_HOPLIMIT)
    }
}

pub mod get_all {
    use ancil::{
        Error, IP_PKTINFO, IP_TOS, IPV6_PKTINFO, IPV6_TCLASS, Keys, Reader, SO_TIMESTAMPNS, UDP_GRO,
    };

    type V4 = (SO_TIMESTAMPNS, UDP_GRO, IP_PKTINFO, IP_TOS);
    type V6 = (SO_TIMESTAMPNS, UDP_GRO, IPV6_PKTINFO, IPV6_TCLASS);

    #[unsafe(no_mangle)]
    pub fn first_get_all(control: &[u8]) -> Result<<V4 as Keys>::Found<'_>, Error> {
        Reader::new(control).get_all::<V4>()
    }

    #[unsafe(no_mangle)]
    pub fn next_get_all(control: &[u8]) -> Result<<V6 as Keys>::Found<'_>, Error> {
        Reader::new(control).get_all::<V6>()
    }
}

pub mod message {
    use super::Packet;
    use ancil::{Malformed, Message, Reader};

    #[unsafe(no_mangle)]
    pub fn first_message(control: &[u8]) -> Result<Packet, Malformed> {
        let mut packet = Packet::default();
        for raw in Reader::new(control) {
            match Message::from(raw?) {
                Message::IpPktinfo(info) => packet.interface = info.ipi_ifindex as u32,
                Message::UdpGro(bytes) => packet.segment = bytes,
                Message::IpTos(tos) => packet.mark = tos,
                _ => {}
            }
        }
        Ok(packet)
    }

    #[unsafe(no_mangle)]
    pub fn next_message(control: &[u8]) -> Result<Packet, Malformed> {
        let mut packet = Packet::default();
        for raw in Reader::new(control) {
            match Message::from(raw?) {
                Message::Ipv6Pktinfo(info) => packet.interface = info.ipi6_ifindex as u32,
                Message::UdpGro(bytes) => packet.segment = bytes,
                Message::Ipv6Tclass(class) => packet.mark = class,
                _ => {}
            }
        }
        Ok(packet)
    }
}

pub mod print {
    use ancil::DisplayControl;
    use core::fmt;

    #[unsafe(no_mangle)]
    pub fn first_print(out: &mut dyn fmt::Write, control: &[u8]) -> fmt::Result {
        write!(out, "received {}", DisplayControl::new(control))
    }

    #[unsafe(no_mangle)]
    pub fn next_print(out: &mut dyn fmt::Write, control: &[u8]) -> fmt::Result {
        write!(out, "sent {}", DisplayControl::new(control))
    }
}

pub mod put {
    use ancil::payload::{In6Pktinfo, InPktinfo};
    use ancil::{
        Control, IP_PKTINFO, IP_TOS, IPV6_PKTINFO, IPV6_TCLASS, NoSpace, UDP_SEGMENT, Writer,
    };

    #[unsafe(no_mangle)]
    pub fn first_put<'a>(out: &'a mut [u8], from: &InPktinfo) -> Result<Control<'a>, NoSpace> {
        let mut writer = Writer::new(out);
        writer.put(IP_PKTINFO, *from)?;
        writer.put(UDP_SEGMENT, 1200)?;
        writer.put(IP_TOS, 2)?;
        Ok(writer.finish())
    }

    #[unsafe(no_mangle)]
    pub fn next_put<'a>(out: &'a mut [u8], from: &In6Pktinfo) -> Result<Control<'a>, NoSpace> {
        let mut writer = Writer::new(out);
        writer.put(IPV6_PKTINFO, *from)?;
        writer.put(UDP_SEGMENT, 1200)?;
        writer.put(IPV6_TCLASS, 2)?;
        Ok(writer.finish())
    }
}

pub mod receive {
    use ancil::{MsgFlags, Received};

    /// # Safety
    /// The same as of [`Received::from_control`].
    #[unsafe(no_mangle)]
    pub unsafe fn first_receive(control: &mut [u8], close: unsafe fn(i32)) -> [Option<i32>; 2] {
        // SAFETY: This function has the contract of `from_control`, so its caller fulfils it.
        let mut received = unsafe { Received::from_control(0, MsgFlags::empty(), control, close) };
        let mut fds = received.take_raw_fds();
        [fds.next(), fds.next()]
    }

    /// # Safety
    /// The same as of [`Received::from_control`].
    #[unsafe(no_mangle)]
    pub unsafe fn next_receive(control: &mut [u8], close: unsafe fn(i32)) -> Option<i32> {
        // SAFETY: This function has the contract of `from_control`, so its caller fulfils it.
        let mut received = unsafe { Received::from_control(1, MsgFlags::empty(), control, close) };
        received.take_raw_fds().next()
    }
}
