//! Lists every struct of the library that has the layout of a kernel struct.
//!
//!     kernel_name = OurName { fields that have the kernel's names }
//!         padding { fields that are padding to the kernel }
//!         parts { field: "the kernel's name" "or names" };
//!
//! A field stands under `parts` if its name differs from the kernel's, or if the kernel has several
//! fields of equal size in its place.

/// Passes every struct to the macro `$callback`.
macro_rules! structs {
    ($callback:ident) => {
        $callback! {
            cmsghdr = CmsgHdr { cmsg_len, cmsg_level, cmsg_type };
            ucred = Ucred { pid, uid, gid };
            scm_ts_pktinfo = ScmTsPktinfo { if_index, pkt_length }
                parts { reserved: "reserved[0]" "reserved[1]" };
            sock_txtime = SockTxtime { clockid, flags };
            sock_extended_err = SockExtendedErr {
                ee_errno, ee_origin, ee_type, ee_code, ee_pad, ee_info, ee_data
            };
            sock_ee_data_rfc4884 = SockEeDataRfc4884 { len, flags, reserved };
            dmabuf_cmsg = DmabufCmsg { frag_offset, frag_size, frag_token, dmabuf_id, flags };
            dmabuf_token = DmabufToken { token_start, token_count };
            in_addr = InAddr { s_addr };
            in6_addr = In6Addr {} parts { octets: "s6_addr" };
            sockaddr_in = SockaddrIn { sin_family, sin_port, sin_addr }
                parts { sin_zero: "sin_zero" };
            sockaddr_in6 = SockaddrIn6 {
                sin6_family, sin6_port, sin6_flowinfo, sin6_addr, sin6_scope_id
            };
            sockaddr_un = SockaddrUn { sun_family, sun_path };
            sockaddr_nl = SockaddrNl { nl_family, nl_pid, nl_groups } parts { nl_pad: "nl_pad" };
            sockaddr_ll = SockaddrLl {
                sll_family, sll_protocol, sll_ifindex, sll_hatype, sll_pkttype, sll_halen, sll_addr
            };
            sockaddr_vm = SockaddrVm { svm_family, svm_reserved1, svm_port, svm_cid }
                parts { svm_flags: "svm_flags", svm_zero: "svm_zero" };
            sockaddr_can = SockaddrCan { can_family, can_ifindex, can_addr } padding { pad };
            sockaddr_alg = SockaddrAlg { salg_family, salg_type, salg_feat, salg_mask, salg_name };
            sockaddr_storage = SockaddrStorage { ss_family } parts { data: "__data" };
            sockaddr_l2 = SockaddrL2 { l2_family, l2_psm, l2_bdaddr, l2_cid, l2_bdaddr_type }
                padding { pad };
            sockaddr_mctp = SockaddrMctp {
                smctp_family, smctp_network, smctp_addr, smctp_type, smctp_tag
            } parts { smctp_pad0: "__smctp_pad0", smctp_pad1: "__smctp_pad1" };
            sockaddr_mctp_ext = SockaddrMctpExt {
                smctp_base, smctp_ifindex, smctp_halen, smctp_haddr
            } parts { smctp_pad0: "__smctp_pad0" };
            in_pktinfo = InPktinfo { ipi_ifindex, ipi_spec_dst, ipi_addr };
            in6_pktinfo = In6Pktinfo { ipi6_addr, ipi6_ifindex };
            ip6_mtuinfo = Ip6Mtuinfo { ip6m_addr, ip6m_mtu };
            ipv6_opt_hdr = Ipv6OptHdr { nexthdr, hdrlen };
            ipv6_rt_hdr = Ipv6RtHdr { nexthdr, hdrlen, segments_left } parts { r#type: "type" };
            nlmsghdr = Nlmsghdr { nlmsg_len, nlmsg_type, nlmsg_flags, nlmsg_seq, nlmsg_pid };
            nlmsgerr = Nlmsgerr { error, msg };
            nlattr = Nlattr { nla_len, nla_type };
            nl_pktinfo = NlPktinfo { group };
            tpacket_auxdata = TpacketAuxdata {
                tp_status, tp_len, tp_snaplen, tp_mac, tp_net, tp_vlan_tci, tp_vlan_tpid
            };
            llc_pktinfo = LlcPktinfo { lpi_ifindex, lpi_sap, lpi_mac };
            sctp_initmsg = SctpInitmsg {
                sinit_num_ostreams, sinit_max_instreams, sinit_max_attempts, sinit_max_init_timeo
            };
            sctp_sndrcvinfo = SctpSndrcvinfo {
                sinfo_stream, sinfo_ssn, sinfo_flags, sinfo_ppid, sinfo_context, sinfo_timetolive,
                sinfo_tsn, sinfo_cumtsn, sinfo_assoc_id
            } padding { pad };
            sctp_sndinfo = SctpSndinfo { snd_sid, snd_flags, snd_ppid, snd_context, snd_assoc_id };
            sctp_rcvinfo = SctpRcvinfo {
                rcv_sid, rcv_ssn, rcv_flags, rcv_ppid, rcv_tsn, rcv_cumtsn, rcv_context,
                rcv_assoc_id
            } padding { pad };
            sctp_nxtinfo = SctpNxtinfo { nxt_sid, nxt_flags, nxt_ppid, nxt_length, nxt_assoc_id };
            sctp_prinfo = SctpPrinfo { pr_policy, pr_value } padding { pad };
            sctp_authinfo = SctpAuthinfo { auth_keynumber };
            rds_iovec = RdsIovec { addr, bytes };
            rds_rdma_args = RdsRdmaArgs {
                cookie, remote_vec, local_vec_addr, nr_local, flags, user_token
            };
            rds_get_mr_args = RdsGetMrArgs { vec, cookie_addr, flags };
            rds_atomic_args = RdsAtomicArgs { cookie, local_addr, remote_addr, flags, user_token }
                parts {
                    operands: "cswp.compare" "cswp.swap" "m_cswp.compare_mask" "m_cswp.swap_mask"
                };
            rds_rdma_notify = RdsRdmaNotify { user_token, status };
            rds_cmsg_rx_trace = RdsCmsgRxTrace { rx_traces, rx_trace_pos, rx_trace };
            rds_rx_trace_so = RdsRxTraceSo { rx_traces, rx_trace_pos };
            rds_zcopy_cookies = RdsZcopyCookies { num, cookies };
            rxrpc_challenge = RxrpcChallenge { service_id, security_index, pad };
            rxgk_challenge = RxgkChallenge { base, enctype };
            tipc_errinfo = TipcErrinfo { error, length };
            tipc_service_range = TipcServiceRange { lower, upper } parts { r#type: "type" };
        }
    };
}
