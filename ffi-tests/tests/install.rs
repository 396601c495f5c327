//! Checks `make install`: the tree works after it is moved, with pkg-config, CMake and Meson, and
//! `make uninstall` removes it. `make install-headers` needs neither cargo nor a compiler.

use ffi_tests::cc::Compiler;
use ffi_tests::process::{MINUTES, run, run_for};
use ffi_tests::{archive, binutils, has, header, include, make, manual, root, scratch, skip};
use std::path::{Path, PathBuf};
use std::process::Command;

/// Runs `make install` or `make uninstall`. The libraries are built before, since several tests run
/// at the same time.
fn make_into(dest: &Path, goal: &str, lib: &str) {
    let out = archive()
        .parent()
        .and_then(|out| out.strip_prefix(root()).ok())
        .expect("a folder of the workspace");
    let destination = format!("DESTDIR={}", dest.display());
    let lib = format!("LIBDIR=/usr/{lib}");
    let out = format!("OUT={}", out.display());
    run(make()
        .args([goal, "PREFIX=/usr"])
        .args([out, destination, lib]));
}

/// Installs into a folder with a space in its name, moves the tree to another place, and returns
/// that place.
fn installed(dir: &Path, lib: &str) -> PathBuf {
    let dest = dir.join("package root");
    make_into(&dest, "install", lib);
    let moved = dir.join("moved");
    std::fs::rename(dest.join("usr"), &moved).unwrap();
    moved
}

/// Returns the paths of all files in and below a folder, relative to it.
fn files(dir: &Path) -> Vec<String> {
    let mut found = Vec::new();
    let mut folders = vec![dir.to_path_buf()];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(&folder).unwrap().map(Result::unwrap) {
            if entry.file_type().unwrap().is_dir() {
                folders.push(entry.path());
            } else {
                found.push(
                    entry
                        .path()
                        .strip_prefix(dir)
                        .unwrap()
                        .display()
                        .to_string(),
                );
            }
        }
    }
    found.sort();
    found
}

/// Returns the words that pkg-config prints about the tree.
fn pkg_config(lib: &Path, args: &[&str]) -> Vec<String> {
    let mut command = Command::new("pkg-config");
    let said = run(command
        .env("PKG_CONFIG_PATH", lib.join("pkgconfig"))
        .args(args)
        .arg("ancil"));
    said.split_whitespace().map(String::from).collect()
}

/// Checks that the program prints the version, with the shared object of the tree if it needs that.
fn assert_prints_the_version(exe: &Path, lib: &Path) {
    let said = run(Command::new(exe).env("LD_LIBRARY_PATH", lib));
    assert_eq!(said.trim_end(), header::version(), "{}", exe.display());
}

/// Returns whether a program needs the shared object.
fn needs_the_shared_object(exe: &Path) -> bool {
    binutils("readelf", &["-dW"], exe).contains("[libancil.so.")
}

#[test]
fn the_files_are_installed_and_uninstalled() {
    let dir = scratch!("files");
    let lib = "lib/some-triplet";
    make_into(&dir, "install", lib);
    let all = files(&dir);
    let version = header::version();
    let [file, soname] = [version, header::soversion()].map(|v| format!("libancil.so.{v}"));
    for (link, to) in [("libancil.so", &file), (&soname, &file)] {
        assert_eq!(
            std::fs::read_link(dir.join("usr").join(lib).join(link)).unwrap(),
            Path::new(to)
        );
    }
    let mut pages = Vec::new();
    for page in manual::pages() {
        for name in page.names() {
            // `man ancil_reader_next` finds ancil_reader(3).
            let file = format!("usr/share/man/man{0}/{name}.{0}", page.section);
            let found = std::fs::read_to_string(dir.join(&file)).unwrap_or_default();
            assert!(
                found == page.text,
                "man {name} does not find {}",
                page.file()
            );
            pages.push(file);
        }
    }
    pages.sort();
    let (manual, others): (Vec<_>, Vec<_>) =
        all.iter().partition(|f| f.starts_with("usr/share/man/"));
    assert_eq!(manual, pages.iter().collect::<Vec<_>>());
    let libraries = [
        "cmake/ancil/ancilConfig.cmake".into(),
        "cmake/ancil/ancilConfigVersion.cmake".into(),
        "libancil.a".into(),
        "libancil.so".into(),
        soname.clone(),
        file.clone(),
        "pkgconfig/ancil.pc".into(),
    ];
    let guide = ["c.md", "control-buffer.svg", "which-option.md"];
    let headers = files(&include());
    assert!(headers.len() >= 4, "{headers:?}");
    let expected: Vec<_> = headers
        .iter()
        .map(|h| format!("usr/include/{h}"))
        .chain(libraries.map(|l| format!("usr/{lib}/{l}")))
        .chain(guide.map(|page| format!("usr/share/doc/ancil/{page}")))
        .collect();
    assert_eq!(others, expected.iter().collect::<Vec<_>>());

    make_into(&dir, "uninstall", lib);
    assert_eq!(files(&dir), [""; 0]);
    assert!(
        !dir.join("usr/include/ancil").exists()
            && !dir.join("usr/share/doc/ancil").exists()
            && !dir.join("usr").join(lib).join("cmake/ancil").exists()
    );
}

/// The headers that need no library are installed by programs that every system has. Each of them
/// then works alone: a program that includes it compiles and links without a library.
#[test]
fn headers_without_a_library() {
    let dir = scratch!("headers");
    let dest = dir.join("package root");
    let mut install = make();
    install.args(["install-headers", "PREFIX=/usr"]);
    install.args(["CARGO", "RUSTC", "CC", "AR", "OBJCOPY"].map(|tool| format!("{tool}=false")));
    run(install.arg(format!("DESTDIR={}", dest.display())));
    let tree = dest.join("usr/include");
    let headers = files(&tree);
    for expected in ["ancil/cmsg.h", "ancil/dropin/sys/socket.h"] {
        assert!(headers.iter().any(|h| h == expected), "{headers:?}");
    }
    assert_eq!(
        files(&dest).len(),
        headers.len(),
        "something else is installed"
    );
    let source = dir.join("program.c");
    for header in headers {
        let text = format!("#include <{header}>\nint main(void) {{ return 0; }}\n");
        std::fs::write(&source, text).unwrap();
        run(Compiler::c()
            .command()
            .args(["-Wall", "-Wextra", "-Werror", "-I"])
            .arg(&tree)
            .arg(&source)
            .arg("-o")
            .arg(dir.join("program.exe")));
    }
}

#[test]
fn with_pkg_config() {
    if !has("pkg-config", "pkg-config") {
        return;
    }
    let dir = scratch!("pkg-config");
    let tree = installed(&dir, "lib/some-triplet");
    let lib = tree.join("lib/some-triplet");
    assert_eq!(pkg_config(&lib, &["--modversion"]), [header::version()]);
    let cxx = Compiler::cxx();
    if cxx.is_none() {
        skip("C++ with pkg-config", "no C++ compiler is installed");
    }
    for (language, compiler) in [("c", Some(Compiler::c())), ("c++", cxx)] {
        let Some(compiler) = compiler else { continue };
        let archive_of_libc = run(compiler.command().arg("-print-file-name=libc.a"));
        let exe = dir.join(format!("{language}.exe"));
        for (kind, more) in [
            (&["--libs"][..], &[][..]),
            (&["--static", "--libs"], &["-static"]),
        ] {
            if !more.is_empty() && !archive_of_libc.starts_with('/') {
                skip(
                    "a static program",
                    "the C library's archive is not installed",
                );
                continue;
            }
            let mut cc = compiler.command();
            cc.args(more)
                .args(["-x", language])
                .arg(root().join("packaging/installed.c"))
                .args(["-x", "none", "-o"])
                .arg(&exe);
            run(cc
                .args(pkg_config(&lib, &["--cflags"]))
                .args(pkg_config(&lib, kind)));
            assert_eq!(
                needs_the_shared_object(&exe),
                more.is_empty(),
                "{language} {kind:?}"
            );
            assert_prints_the_version(&exe, &lib);
        }
    }
    // The Makefile of the examples needs only PKG_CONFIG_PATH.
    let examples = dir.join("examples");
    run(Command::new("cp")
        .arg("-r")
        .arg(root().join("c-examples"))
        .arg(&examples));
    let path = lib.join("pkgconfig");
    run(make()
        .current_dir(&examples)
        .env("PKG_CONFIG_PATH", &path)
        .arg("clean"));
    run(make().current_dir(&examples).env("PKG_CONFIG_PATH", path));
    assert!(needs_the_shared_object(&examples.join("ping")));
    assert!(!needs_the_shared_object(&examples.join("send_fds")));
}

#[test]
fn with_cmake() {
    if !has("cmake", "CMake") {
        return;
    }
    let dir = scratch!("cmake");
    let tree = installed(&dir, "lib");
    for (target, shared) in [("ancil::ancil", true), ("ancil::static", false)] {
        let build = dir.join(if shared { "shared" } else { "static" });
        let mut cmake = Command::new("cmake");
        cmake
            .arg("-S")
            .arg(root().join("c-examples"))
            .arg("-B")
            .arg(&build);
        cmake
            .arg(format!("-DCMAKE_PREFIX_PATH={}", tree.display()))
            .arg(format!("-DANCIL={target}"));
        run(&mut cmake);
        run(Command::new("cmake").arg("--build").arg(&build));
        assert_eq!(needs_the_shared_object(&build.join("ping")), shared);
    }
    // A version with another soname is incompatible.
    for (wanted, found) in [
        ("", true),
        ("0", true),
        ("0.1.0", true),
        ("0.1.99", false),
        ("0.0.9", false),
        ("1", false),
    ] {
        let project = dir.join(format!("wants-{wanted}"));
        std::fs::create_dir(&project).unwrap();
        let text = format!(
            "cmake_minimum_required(VERSION 3.13)\nproject(x NONE)\n\
             find_package(ancil {wanted} REQUIRED)\n"
        );
        std::fs::write(project.join("CMakeLists.txt"), text).unwrap();
        let mut cmake = Command::new("cmake");
        cmake
            .arg(format!("-DCMAKE_PREFIX_PATH={}", tree.display()))
            .arg("-B")
            .arg(project.join("build"))
            .arg("-S");
        assert_eq!(
            cmake.arg(&project).output().unwrap().status.success(),
            found,
            "find_package(ancil {wanted})"
        );
    }
}

#[test]
fn with_meson() {
    if !(has("meson", "Meson") && has("ninja", "Meson") && has("pkg-config", "Meson")) {
        return;
    }
    let dir = scratch!("meson");
    let tree = installed(&dir, "lib");
    let path = tree.join("lib/pkgconfig");
    let build = dir.join("build");
    run(Command::new("meson")
        .arg("setup")
        .arg(&build)
        .arg(root().join("c-examples"))
        .env("PKG_CONFIG_PATH", path));
    run_for(Command::new("ninja").arg("-C").arg(&build), MINUTES);
    assert!(needs_the_shared_object(&build.join("ping")));
}
