//! Addresses, netlink, and the translation of control messages.

use super::*;
use ancil::compat::{self, IoVec32, IoVec64, MsgHdr32, MsgHdr64, Translation};
use ancil::netlink::{self, Attribute, Attributes, Body, Nlmsghdr, WriteError};

macro_rules! addresses {
    ($($Type:ident),+) => {
        public! {
            public_addr_mod_as_bytes(any) { $(
                black_box(any.some::<$Type>().as_bytes());
                shown(&any.some::<$Type>()).ok();
            )+ }
        }
    };
}
addresses!(
    SockaddrIn,
    SockaddrIn6,
    SockaddrNl,
    SockaddrLl,
    SockaddrCan,
    SockaddrVm,
    SockaddrAlg
);

public! {
    public_addr_mod_family_name(any) { family_name(any.n as u16) }
    public_addr_address_parse(any) { match any.address() {
        Ok(address) => shown(&address).is_ok(),
        Err(error) => { shown(&error).ok(); shown(&Error::from(error)).is_ok() }
    } }
    public_addr_address_as_bytes(any) { any.address().map(|address| address.as_bytes().len()) }
    public_addr_address_family(any) { any.address().map(|address| address.family()) }
    public_addr_address_from(any) {
        for address in [Address::from(any.some::<SocketAddr>()), any.some::<UnixAddr>().into(),
            any.some::<PacketAddr>().into(), any.some::<SockaddrIn6>().into()] { black_box(address); }
        any.address().map(SocketAddr::try_from)
    }
    public_addr_inet_from(any) {
        let in4 = SockaddrIn::from(black_box(SocketAddrV4::from(any.some::<SockaddrIn>())));
        black_box(in4);
        SockaddrIn6::from(black_box(SocketAddrV6::from(any.some::<SockaddrIn6>())))
    }
    public_addr_alg_new(any) { SockaddrAlg::new(any.bytes, any.more) }
    public_addr_can_new(any) { SockaddrCan::new(any.n as i32) }
    public_addr_can_with_tp(any) { SockaddrCan::with_tp(any.n as i32, any.some()) }
    public_addr_can_with_j1939(any) { SockaddrCan::with_j1939(any.n as i32, any.some()) }
    public_addr_can_tp(any) { any.some::<SockaddrCan>().tp() }
    public_addr_can_j1939(any) { any.some::<SockaddrCan>().j1939() }
    public_addr_netlink_new(any) { SockaddrNl::new(any.n as u32, any.m as u32) }
    public_addr_packet_new(any) { PacketAddr::new(any.n as i32, any.m as u16, any.bytes) }
    public_addr_packet_sockaddr(any) { (PacketAddr::from(any.some::<SockaddrLl>()), any.packet().sockaddr()) }
    public_addr_packet_hardware(any) { any.packet().hardware().len() }
    public_addr_packet_as_bytes(any) { black_box(any.packet().as_bytes()); shown(&any.packet()) }
    public_addr_storage_new(any) { (SockaddrStorage::new(), any.n) }
    public_addr_storage_as_mut_bytes(any) { any.some::<SockaddrStorage>().as_mut_bytes().len() }
    public_addr_vsock_new(any) { SockaddrVm::new(any.n as u32, any.m as u32) }
    public_addr_unix_path(any) { UnixAddr::path(any.bytes) }
    public_addr_unix_abstract_name(any) { UnixAddr::abstract_name(any.bytes) }
    public_addr_unix_unnamed(any) { (UnixAddr::unnamed(), any.n) }
    public_addr_unix_name(any) { black_box(any.some::<UnixAddr>().name()); }
    public_addr_unix_as_bytes(any) { black_box(any.some::<UnixAddr>().as_bytes()); shown(&any.some::<UnixAddr>()) }
    public_addr_unix_sockaddr(any) { black_box(any.some::<UnixAddr>().sockaddr()); }

    public_netlink_message_new(any) {
        let mut reader = netlink::Reader::new(any.bytes);
        black_box(Nlmsghdr::new(any.n as u16, any.m as u16, 0));
        for message in reader.by_ref() { if let Err(error) = message { shown(&error).ok(); } }
    }
    public_netlink_message_offset(any) {
        let mut reader = netlink::Reader::new(any.bytes);
        black_box(reader.next());
        reader.offset()
    }
    public_netlink_message_split(any) { any.message().map(|message| black_box(message.split::<[u32; 5]>()).is_ok()) }
    public_netlink_message_attributes(any) {
        let Some(message) = any.message() else { return };
        for one in message.attributes(any.n) { black_box(one).ok(); }
    }
    public_netlink_message_interrupted(any) { any.message().map(|message| message.interrupted()) }
    public_netlink_report_report(any) { any.message().map(|message| black_box(message.report()).is_ok()) }
    public_netlink_report_text(any) { any.report().map(|report| black_box(report.text()).is_some()) }
    public_netlink_report_bad_attribute_offset(any) { any.report().map(|report| report.bad_attribute_offset()) }
    public_netlink_attribute_new(any) { for one in Attributes::new(any.bytes) { black_box(one).ok(); } }
    public_netlink_attribute_rest(any) { Attributes::new(any.bytes).rest().len() }
    public_netlink_attribute_offset(any) { Attributes::new(any.bytes).offset() }
    public_netlink_attribute_get(any) {
        black_box(any.attribute().map(|one| one.get::<[u16; 3]>())).ok();
        black_box(Attributes::new(any.bytes).get(any.n as u16)).is_ok()
    }
    public_netlink_attribute_ty(any) { any.attribute().map(|one| one.ty()) }
    public_netlink_attribute_is_nested(any) { any.attribute().map(|one| one.is_nested()) }
    public_netlink_attribute_is_net_byteorder(any) { any.attribute().map(|one| one.is_net_byteorder()) }
    public_netlink_attribute_nested(any) {
        let Ok(one) = any.attribute() else { return };
        for inner in one.nested() { black_box(inner).ok(); }
    }
    public_netlink_attribute_u8(any) { any.attribute().map(|one| one.u8()) }
    public_netlink_attribute_u16(any) { any.attribute().map(|one| one.u16()) }
    public_netlink_attribute_u32(any) { any.attribute().map(|one| one.u32()) }
    public_netlink_attribute_u64(any) { any.attribute().map(|one| one.u64()) }
    public_netlink_attribute_be16(any) { any.attribute().map(|one| one.be16()) }
    public_netlink_attribute_be32(any) { any.attribute().map(|one| one.be32()) }
    public_netlink_attribute_be64(any) { any.attribute().map(|one| one.be64()) }
    public_netlink_attribute_number(any) { any.attribute().map(|one| one.number()) }
    public_netlink_attribute_c_str(any) { any.attribute().map(|one| black_box(one.c_str()).is_ok()) }
    public_netlink_size_nlmsg_align(any) { netlink::nlmsg_align(any.n) }
    public_netlink_size_nlmsg_length(any) { netlink::nlmsg_length(any.n) }
    public_netlink_size_nlmsg_space(any) { netlink::nlmsg_space(any.n) }
    public_netlink_size_nla_align(any) { netlink::nla_align(any.n) }
    public_netlink_size_nla_length(any) { netlink::nla_length(any.n) }
    public_netlink_size_nla_space(any) { netlink::nla_space(any.n) }
    public_netlink_writer_new(any) { netlink::Writer::new(any.bytes).len() }
    public_netlink_writer_message(any) { any.write(|body, _| black_box(body).put(&[0u8; 3])) }
    public_netlink_body_put(any) { any.write(|body, any| body.put(&any.some::<[u8; 100]>())) }
    public_netlink_body_attribute(any) { any.write(|body, any| body.attribute(any.n as u16, &*any.more)) }
    public_netlink_nest_nest(any) {
        any.write(|body, any| body.nest(1, |body| {
            black_box(body.nest(2, |body| body.attribute(3, &*any.more))).ok();
            black_box(body.put(&*any.more)).ok();
            any.some()
        }))
    }
    public_netlink_body_left(any) { any.write(|body, _| { black_box(body.left()); Ok(()) }) }
    public_netlink_writer_len(any) {
        let mut writer = netlink::Writer::new(any.bytes);
        black_box(&mut writer);
        writer.len()
    }
    public_netlink_writer_finish(any) {
        let mut writer = netlink::Writer::new(any.bytes);
        black_box(&mut writer);
        writer.finish().len()
    }
    public_netlink_error_show(any) {
        if let Err(error) = any.attribute() { shown(&error).ok(); shown(&netlink::Error::from(error)).ok(); }
        if let Err(error) = any.write(|_, any| any.some()) {
            shown(&error).ok();
            shown(&netlink::Error::from(error)).ok();
        }
        let Ok(one) = any.attribute() else { return };
        if let Err(error) = one.u64() { shown(&error).ok(); shown(&netlink::Error::from(error)).ok(); }
    }

    public_compat_mod_widen(any) { compat::widen(any.bytes, any.more).is_ok() }
    public_compat_mod_narrow(any) { compat::narrow(any.bytes, any.more).is_ok() }
    public_compat_mod_widened_len(any) { compat::widened_len(any.more) }
    public_compat_mod_narrowed_len(any) { compat::narrowed_len(any.more) }
    public_compat_mod_new(any) { any.translate() }
    public_compat_mod_family(any) { any.translate().family(any.n as u16) }
    public_compat_mod_translate(any) { any.translate().translate(any.bytes, any.more).is_ok() }
    public_compat_mod_translated_len(any) { any.translate().translated_len(any.more) }
    public_compat_vectors_widen(any) {
        black_box(any.some::<MsgHdr32>().widen());
        if let Err(error) = black_box(any.some::<IoVec32>().widen()) { shown(&error).ok(); }
    }
    public_compat_vectors_narrow(any) {
        black_box(any.some::<MsgHdr64>().narrow()).ok();
        if let Err(error) = black_box(any.some::<IoVec64>().narrow()) { shown(&error).ok(); }
    }
}

impl Any {
    fn address(&self) -> Result<Address<'_>, BadAddress> {
        Address::parse(self.bytes)
    }

    fn packet(&self) -> PacketAddr {
        self.some()
    }

    fn message(&self) -> Option<netlink::Message<'_>> {
        netlink::Reader::new(self.bytes).next()?.ok()
    }

    fn report(&self) -> Option<netlink::Report<'_>> {
        self.message()?.report().ok()?
    }

    fn attribute(&self) -> Result<Attribute<'_>, netlink::Malformed> {
        black_box(Attributes::new(self.bytes))
            .next()
            .unwrap_or_else(|| self.some())
    }

    /// A message with what `fill` puts in it.
    fn write<'a>(
        &self,
        fill: impl FnOnce(&mut Body<'a>, &Any) -> Result<(), WriteError>,
    ) -> Result<(), WriteError> {
        let buffer = self.some::<&'a mut [u8]>();
        let mut writer = netlink::Writer::new(buffer);
        let written = writer.message(self.some(), |body| fill(body, self));
        black_box(writer.finish());
        written
    }

    fn translate(&self) -> Translation {
        black_box(Translation::new(self.abi(), self.some()))
    }
}
