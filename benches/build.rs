//! The C side, as a program in C would have it: the system's compiler, -O2, no link-time optimisation.

fn main() {
    for source in ["c/iov.c", "c/cmsg.c"] {
        println!("cargo::rerun-if-changed={source}");
        let name = source.trim_start_matches("c/").trim_end_matches(".c");
        cc::Build::new()
            .file(source)
            .opt_level(2)
            .warnings(true)
            .extra_warnings(true)
            .compile(&format!("c_{name}"));
    }
}
