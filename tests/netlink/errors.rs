//! How the kernel reports the end of requests.

use crate::support::*;
use ancil::Errno;
use ancil::netlink::{NETLINK_GET_STRICT_CHK, Nlmsghdr, Reader, Writer};
use ancil::netlink::{
    NLM_F_ACK, NLM_F_CAPPED, NLM_F_DUMP, NLM_F_MULTI, NLM_F_REQUEST, NLMSG_DONE, NLMSG_ERROR,
};
use libc::{IFLA_IFNAME, IFLA_MTU, RTM_GETLINK, RTM_NEWLINK};

/// The error repeats the request: its header and, unless that is switched off, its payload.
pub fn no_such_device() -> Outcome {
    let socket = route_socket()?;
    let mut buffer = [0; 64];
    let mut writer = Writer::new(&mut buffer);
    let no_device = Ifinfomsg {
        index: i32::MAX,
        ..Ifinfomsg::default()
    };
    writer.message(Nlmsghdr::new(RTM_GETLINK, NLM_F_REQUEST, 7), |message| {
        message.put(&no_device)
    })?;
    let request = writer.finish();

    for capped in [false, true] {
        cap(&socket, capped)?;
        let answer = ask(&socket, request)?;
        let mut reader = Reader::new(&answer);
        let message = reader.next().expect("an error")?;
        assert_eq!(
            (message.header.nlmsg_type, message.header.nlmsg_seq),
            (NLMSG_ERROR, 7)
        );
        assert_eq!(message.header.nlmsg_flags & NLM_F_CAPPED != 0, capped);
        let report = message.report()?.expect("a report");
        assert_eq!(report.result, Err(Errno(libc::ENODEV)));
        assert_eq!(
            report.request,
            Reader::new(request)
                .next()
                .transpose()?
                .map(|message| message.header)
        );
        assert_eq!(report.payload, if capped { &[] } else { &request[16..] });
        assert_eq!(
            (report.text(), report.bad_attribute_offset()),
            (None, None),
            "this error has neither a text nor an offset"
        );
        assert_eq!(reader.next(), None);
    }
    Ok(())
}

/// The kernel counts from the header of the request to the attribute, as our reader does.
pub fn the_offset_of_a_bad_attribute() -> Outcome {
    let socket = route_socket()?;
    for before in 0..5 {
        for capped in [false, true] {
            cap(&socket, capped)?;
            let mut buffer = [0; 128];
            let mut writer = Writer::new(&mut buffer);
            writer.message(
                Nlmsghdr::new(RTM_NEWLINK, NLM_F_REQUEST | NLM_F_ACK, 8),
                |message| {
                    message.put(&LO)?;
                    (0..before).try_for_each(|n| {
                        message.attribute(IFLA_IFNAME, &b"lo\0\0\0"[..3 + n % 3])
                    })?;
                    message.attribute(IFLA_MTU, &[0u8; 3]) // a u32
                },
            )?;
            let request = writer.finish();
            let (_, attributes) = Reader::new(request)
                .next()
                .expect("the request")?
                .split::<Ifinfomsg>()?;
            let bad = attributes.get(IFLA_MTU)?.expect("the attribute");

            let answer = ask(&socket, request)?;
            let report = Reader::new(&answer)
                .next()
                .expect("an error")?
                .report()?
                .expect("a report");
            assert_eq!(report.result, Err(Errno(libc::ERANGE)));
            assert_eq!(report.bad_attribute_offset(), Some(bad.offset as u32));
            assert!(
                report.text().is_some_and(|text| !text.is_empty()),
                "{report:?}"
            );
        }
    }
    Ok(())
}

/// A dump ends with a status, and a dump that fails ends with an error.
pub fn an_error_of_a_dump() -> Outcome {
    let socket = route_socket()?;
    let mut buffer = [0; 64];
    let mut writer = Writer::new(&mut buffer);
    let header = Nlmsghdr::new(RTM_GETLINK, NLM_F_REQUEST | NLM_F_DUMP, 9);
    writer.message(header, |message| message.put(&Ifinfomsg::default()))?;
    send(&socket, writer.finish())?;
    let (mut links, mut end) = (0, None);
    while let Some(datagram) = receive(&socket)? {
        for message in Reader::new(&datagram) {
            let message = message?;
            assert!(end.is_none(), "after the end: {message:?}");
            assert!(message.header.nlmsg_flags & NLM_F_MULTI != 0 && !message.interrupted());
            match message.report()? {
                None => links += usize::from(message.split::<Ifinfomsg>()?.0.index > 0),
                Some(report) => {
                    end = Some((message.header.nlmsg_type, report.result, report.request))
                }
            }
        }
    }
    assert_eq!(end, Some((NLMSG_DONE, Ok(()), None)));
    let listed = std::fs::read_to_string("/proc/thread-self/net/dev")?
        .lines()
        .count()
        - 2;
    assert_eq!(links, listed);

    // With strict checks, this filter is too short. The explanation follows the status.
    set(&socket, NETLINK_GET_STRICT_CHK, 1)?;
    let mut writer = Writer::new(&mut buffer);
    writer.message(header, |message| {
        message.put(&Ifinfomsg::default())?;
        message.attribute(libc::IFLA_EXT_MASK, &[0u8; 1])
    })?;
    let answer = ask(&socket, writer.finish())?;
    let message = Reader::new(&answer).next().expect("an end")?;
    let report = message.report()?.expect("a report");
    assert_eq!(message.header.nlmsg_type, NLMSG_DONE);
    assert!(
        report.result.is_err() && report.text().is_some(),
        "{report:?}"
    );
    assert_eq!(report.bad_attribute_offset(), Some(32));
    Ok(())
}

/// Both requests are answered.
pub fn two_requests_in_one_datagram() -> Outcome {
    let socket = route_socket()?;
    let mut buffer = [0; 128];
    let mut writer = Writer::new(&mut buffer);
    let flags = NLM_F_REQUEST | NLM_F_ACK;
    writer.message(Nlmsghdr::new(RTM_NEWLINK, flags, 1), |message| {
        message.put(&LO)?;
        message.attribute(IFLA_MTU, &1999u32)
    })?;
    writer.message(Nlmsghdr::new(RTM_GETLINK, flags, 2), |message| {
        message.put(&LO)
    })?;
    send(&socket, writer.finish())?;
    let (mut ended, mut mtu) = (Vec::new(), None);
    while let Some(datagram) = receive(&socket)? {
        for message in Reader::new(&datagram) {
            let message = message?;
            match message.report()? {
                Some(report) => ended.push((message.header.nlmsg_seq, report.result)),
                None => {
                    mtu = message
                        .split::<Ifinfomsg>()?
                        .1
                        .get(IFLA_MTU)?
                        .map(|mtu| mtu.u32())
                        .transpose()?
                }
            }
        }
    }
    assert_eq!((ended, mtu), (vec![(1, Ok(())), (2, Ok(()))], Some(1999)));
    Ok(())
}
