//! Compiles and runs the C code of README.md, of which one block sends descriptors and the next
//! reads them, and that of docs/coming-from.md.

use ffi_tests::cc::Compiler;
use ffi_tests::process::run;
use ffi_tests::{root, scratch};
use std::process::Command;

/// What stands around the two blocks, which are in place of `SEND` and `READ`.
const PROGRAM: &str = r"
#include <ancil.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <unistd.h>

static int send_fds(int s, const int *fds)
{
    char byte = 'x';
    struct iovec part = { &byte, 1 };
    struct msghdr msg;

    memset(&msg, 0, sizeof msg);
    msg.msg_iov = &part;
    msg.msg_iovlen = 1;
{
SEND
}
    return sendmsg(s, &msg, 0) == 1 ? 0 : -1;
}

static int read_fds(int s, int *fds)
{
    ANCIL_CONTROL_BUFFER(buffer, ANCIL_CMSG_SPACE(2 * sizeof (int)));
    char byte;
    struct iovec part = { &byte, 1 };
    struct msghdr msg;

    memset(&msg, 0, sizeof msg);
    msg.msg_iov = &part;
    msg.msg_iovlen = 1;
    msg.msg_control = &buffer;
    msg.msg_controllen = sizeof buffer;
    if (recvmsg(s, &msg, 0) != 1)
        return -1;
READ
    return (int)n;
}

int main(void)
{
    const int sent[2] = { 0, 1 };
    int s[2], fds[2];

    if (socketpair(AF_UNIX, SOCK_STREAM, 0, s) < 0 || send_fds(s[0], sent) < 0)
        return 1;
    if (read_fds(s[1], fds) != 2 || close(fds[0]) < 0 || close(fds[1]) < 0)
        return 2;
    return 0;
}
";

/// What stands around the function of docs/coming-from.md, which is in place of `TTL_OF`.
const READS_TTL: &str = r"
#include <netinet/in.h>
#include <string.h>
#include <sys/socket.h>

TTL_OF

int main(void)
{
    union {
        struct cmsghdr align;
        char bytes[CMSG_SPACE(sizeof (int))];
    } buffer;
    const int ttl = 64;
    struct msghdr msg;
    struct cmsghdr *c;

    memset(&msg, 0, sizeof msg);
    memset(&buffer, 0, sizeof buffer);
    msg.msg_control = &buffer;
    msg.msg_controllen = sizeof buffer;
    c = CMSG_FIRSTHDR(&msg);
    c->cmsg_level = IPPROTO_IP;
    c->cmsg_type = IP_TTL;
    c->cmsg_len = CMSG_LEN(sizeof ttl);
    memcpy(CMSG_DATA(c), &ttl, sizeof ttl);
    return ttl_of(&msg) == ttl ? 0 : 1;
}
";

/// Returns the code in a page that is marked as C.
fn blocks(page: &str) -> Vec<String> {
    let text = std::fs::read_to_string(root().join(page)).unwrap();
    let blocks = text.split("```c\n").skip(1);
    blocks
        .map(|rest| rest.split("```").next().unwrap().into())
        .collect()
}

#[test]
fn the_c_code_for_newcomers_reads_the_time_to_live() {
    let [ttl_of] = &blocks("docs/coming-from.md")[..] else {
        panic!("docs/coming-from.md has more than one block of C, or none");
    };
    let dir = scratch!("coming-from");
    let source = dir.join("ttl.c");
    std::fs::write(&source, READS_TTL.replace("TTL_OF", ttl_of)).unwrap();
    let program = Compiler::c().program(&dir, &[source], &["-w"]); // the system's macros may warn
    run(&mut Command::new(program));
}

#[test]
fn the_c_code_passes_descriptors() {
    let blocks = blocks("README.md");
    let [send, read] = &blocks[..] else {
        panic!("README.md has {} blocks of C, expected two", blocks.len());
    };
    let dir = scratch!("readme");
    let source = dir.join("readme.c");
    std::fs::write(&source, PROGRAM.replace("SEND", send).replace("READ", read)).unwrap();
    let said = run(&mut Command::new(Compiler::c().program(
        &dir,
        &[source],
        &[],
    )));
    // SOL_SOCKET is 1, but 0xffff on mips.
    let rest = said
        .strip_prefix("level 1, ")
        .or(said.strip_prefix("level 65535, "));
    assert_eq!(rest, Some("type 1, 8 bytes\n"), "{said}");
}
