// SPDX-License-Identifier: MIT OR Apache-2.0
//! A page of the guide that is made from the rows: which option to set to receive what.
#![forbid(unsafe_code)]

/// How to set an option that takes such a value, unless it is `io::enable`.
macro_rules! call {
    (Flags) => {
        ", by `io::enable_with`"
    };
    (Struct) => {
        ", by `io::enable_with`"
    };
    ($other:ident) => {
        ""
    };
}

macro_rules! define_option {
    ($( $NAME:ident = $level:ident, $number:expr, $sparc:literal, $value:ident; )+) => {
        /// The name and the level of an option, and how to set it.
        macro_rules! option {
            $(
                (name $NAME) => {
                    concat!("`", stringify!($NAME), "` of ", stringify!($level))
                };
                (call $NAME) => {
                    call!($value)
                };
            )+
        }
    };
}

options!(define_option);

/// The row of a message; nothing for one that never arrives.
macro_rules! row {
    (Send $($rest:tt)*) => {
        ""
    };
    ($direction:ident $NAME:ident [$($option:ident)?] $note:literal $($doc:literal)+) => {
        concat!(
            "| [`", stringify!($NAME), "`](crate::", stringify!($NAME), ") | ",
            $(option!(name $option),)? $note, $(option!(call $option),)? " |", $($doc,)+ " |\n"
        )
    };
}

macro_rules! define_which_option {
    ($(
        $(#[doc = $doc:literal])+
        $NAME:ident = $level:ident, $number:literal, $sparc:literal, $printed:literal,
            $Variant:ident, $direction:ident, $received:ty, $sent:tt,
            [$($option:ident)?] $note:tt, $form:ident, $source:literal;
    )+) => {
        /// Which option do I set to receive what?
        ///
        /// The kernel delivers most messages only if an option of the socket asks for them. Name a
        /// message by its key: `io::enable` sets the option, and the size of the control buffer
        /// follows from the same key.
        ///
        /// ```
        /// # #[cfg(feature = "std")] {
        /// use ancil::{IP_PKTINFO, IP_TTL, io, space_of};
        ///
        /// type Wanted = (IP_PKTINFO, IP_TTL);
        ///
        /// let socket = std::net::UdpSocket::bind("127.0.0.1:0")?;
        /// io::enable::<Wanted>(&socket)?;
        /// # socket.send_to(b"hello", socket.local_addr()?)?;
        /// let (mut bytes, mut control) = ([0; 1500], [0; space_of::<Wanted>()]);
        /// let received = io::recv(&socket, &mut bytes, &mut control)?;
        /// let (info, ttl) = received.control().get_all::<Wanted>()?;
        /// # assert!(info.is_some() && ttl.is_some());
        /// # }
        /// # Ok::<(), Box<dyn std::error::Error>>(())
        /// ```
        ///
        /// Options that take flags or a struct are set by `io::enable_with`. Without feature
        /// `libc`, [`Key::OPTION`](crate::Key::OPTION) has what `setsockopt(2)` takes. Of the times
        /// of arrival, ask for [`SO_TIMESTAMPNS`](crate::SO_TIMESTAMPNS), which stands for both of
        /// its forms. [`datagram::Arrival`](crate::datagram::Arrival) is a set for servers of UDP.
        ///
        /// Messages that the kernel only accepts are not here; [`CATALOGUE`](crate::CATALOGUE) has
        /// those, too.
        ///
        /// | key | option | what arrives |
        /// | --- | --- | --- |
        #[doc = concat!($( row!($direction $NAME [$($option)?] $note $($doc)+) ),+)]
        pub mod which_option {}
    };
}

catalogue!(define_which_option);
