//! Compiles the C side as a C program would be: with the system's compiler and -O2, without
//! link-time optimisation.

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
