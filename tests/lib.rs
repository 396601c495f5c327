//! An empty library: Cargo requires that a package has a library or a program, and this one has
//! only tests.
