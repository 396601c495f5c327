//! Columns of ancil's table as tokens, for tests that need identifiers. `ancil::CATALOGUE` holds
//! the same columns as data.

#[macro_use]
#[path = "../src/table/catalogue.rs"]
mod catalogue;

/// Passes `NAME Variant;` of every message to a macro: `catalogue!(keys_of my_macro;)`.
#[allow(unused_macros, reason = "some tests need the options only")]
macro_rules! keys_of {
    ($callback:ident; $(
        $(#[doc = $doc:literal])+
        $NAME:ident = $level:ident, $number:literal, $sparc:literal, $printed:literal,
            $Variant:ident, $direction:ident, $received:ty, $sent:tt,
            [$($option:ident)?] $note:literal, $form:ident, $source:literal;
    )+) => {
        $callback! { $($NAME $Variant;)+ }
    };
}

/// Passes the name of every message's socket option to a macro: `catalogue!(options_of my_macro;)`.
#[allow(unused_macros, reason = "some tests need the keys only")]
macro_rules! options_of {
    ($callback:ident; $(
        $(#[doc = $doc:literal])+
        $NAME:ident = $level:ident, $number:literal, $sparc:literal, $printed:literal,
            $Variant:ident, $direction:ident, $received:ty, $sent:tt,
            [$($option:ident)?] $note:literal, $form:ident, $source:literal;
    )+) => {
        $callback! { $($($option)?)+ }
    };
}
