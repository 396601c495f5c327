//! A package needs a library; all there is here are tests.
