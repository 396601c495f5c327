//! Compiles and runs the C code of README.md: one block sends descriptors, the next reads them.

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

#[test]
fn the_c_code_passes_descriptors() {
    let readme = std::fs::read_to_string(root().join("README.md")).unwrap();
    let blocks: Vec<_> = readme
        .split("```c\n")
        .skip(1)
        .map(|rest| rest.split("```").next().unwrap())
        .collect();
    let [send, read] = blocks[..] else {
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
