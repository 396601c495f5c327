// SPDX-License-Identifier: MIT OR Apache-2.0 OR CC0-1.0
//! Draws a control buffer: every byte with its offset and its meaning, and what is wrong with it.
//! `--help` prints what it reads and which options it takes.
//!
//!     cargo run --example dump "14 00 00 00 00 00 00 00 01 00 00 00 01 00 00 00 04 00 00 00"

mod bytes;
mod decoded;
mod encode;
mod messages;
mod picture;
mod rebuilt;
mod sockets;
mod strace;
mod svg;
mod terminal;
mod text;
mod values;

use ancil::Abi;
use ancil::verdict::Socket;
use decoded::Layout;
use std::ffi::OsString;
use std::io::{Read, Write, stdin, stdout};
use std::process::ExitCode;

const USAGE: &str = "\
usage: dump [--bits 32|64] [--socket KIND] [--svg FILE] [TEXT...]

Draws a control buffer (msg_control). TEXT, or else standard input, holds its bytes in hex, as a
literal of C or Python, as gdb's x/b, xxd or hexdump -C print them, or as a line of strace.

--bits 32|64   the words of the program that laid it out; by default this machine's
--socket KIND  says whether Linux would send it on such a socket
--svg FILE     draws it as SVG, too

Exit status: 0 if it was drawn, whatever is wrong with it; 1 if TEXT cannot be read or FILE cannot
be written; 2 if the options are wrong.
";

/// What the arguments ask for.
struct Options {
    layout: Layout,
    /// The name of the socket, and the socket.
    socket: Option<(String, Socket)>,
    svg: Option<OsString>,
    /// The words of TEXT with spaces between them.
    text: Vec<u8>,
}

fn main() -> ExitCode {
    let (message, status) = match options(std::env::args_os().skip(1)) {
        Ok(Some(options)) => match run(options) {
            Ok(()) => return ExitCode::SUCCESS,
            Err(message) => (message, 1),
        },
        Ok(None) => {
            print!("{USAGE}\nKIND is one of {}\n", sockets::names());
            return ExitCode::SUCCESS;
        }
        Err(message) => (
            format!("{message}\n{}", USAGE.lines().next().unwrap_or_default()),
            2,
        ),
    };
    eprintln!("dump: {message}");
    ExitCode::from(status)
}

/// Reads the arguments. Returns `None` for `--help`.
fn options(mut arguments: impl Iterator<Item = OsString>) -> Result<Option<Options>, String> {
    let layout = Layout {
        abi: Abi::NATIVE,
        family: 0,
    };
    let mut options = Options {
        layout,
        socket: None,
        svg: None,
        text: Vec::new(),
    };
    while let Some(argument) = arguments.next() {
        let mut value = || {
            arguments
                .next()
                .ok_or(format!("{} needs a value", argument.to_string_lossy()))
        };
        match argument.to_str() {
            Some("--help" | "-h") => return Ok(None),
            Some("--svg") => options.svg = Some(value()?),
            Some("--bits") => {
                options.layout.abi = match value()?.to_str() {
                    Some("32") => Abi::LINUX_32,
                    Some("64") => Abi::LINUX_64,
                    _ => return Err("--bits takes 32 or 64".into()),
                };
            }
            Some("--socket") => {
                let name = value()?.to_string_lossy().into_owned();
                let known = sockets::find(&name);
                let socket = known.ok_or(format!("--socket takes one of {}", sockets::names()))?;
                options.layout.family = u16::try_from(socket.domain).unwrap_or(0);
                options.socket = Some((name, socket));
            }
            Some(unknown) if unknown.starts_with("--") => {
                return Err(format!("there is no option {unknown}"));
            }
            _ => {
                options.text.extend(argument.into_encoded_bytes());
                options.text.push(b' ');
            }
        }
    }
    Ok(Some(options))
}

/// Reads the buffer and draws it.
fn run(options: Options) -> Result<(), String> {
    let Options {
        layout,
        socket,
        svg,
        mut text,
    } = options;
    if text.is_empty() {
        stdin()
            .read_to_end(&mut text)
            .map_err(|e| format!("standard input: {e}"))?;
    }
    let shown = if strace::is_strace(&text) {
        strace::read(&text, layout)
    } else {
        bytes::read(&text).map(|bytes| bytes.into_iter().map(Some).collect())
    };
    let shown = shown.map_err(|fault| fault.within(&text))?;
    let socket = socket
        .as_ref()
        .map(|(name, socket)| (name.as_str(), socket));
    let picture = messages::describe(&shown, layout, socket);
    if let Some(file) = svg {
        let name = file.to_string_lossy();
        std::fs::write(&file, svg::draw(&picture)).map_err(|e| format!("{name}: {e}"))?;
    }
    let drawing = terminal::draw(&picture);
    stdout()
        .write_all(drawing.as_bytes())
        .map_err(|e| format!("standard output: {e}"))
}
