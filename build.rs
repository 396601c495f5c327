//! Does nothing, unless the feature `header` is on: then include/ancil.h must be what the sources say.

#[cfg(not(feature = "header"))]
fn main() {
    println!("cargo::rerun-if-changed=build.rs");
}

#[cfg(feature = "header")]
#[macro_use]
#[path = "src/catalogue.rs"]
mod catalogue;

#[cfg(feature = "header")]
fn main() -> Result<(), Box<dyn std::error::Error>> {
    println!("cargo::rerun-if-env-changed=ANCIL_UPDATE_HEADER");
    for path in ["build.rs", "cbindgen.toml", "src", "include/ancil.h"] {
        println!("cargo::rerun-if-changed={path}");
    }
    let mut config = cbindgen::Config::from_file("cbindgen.toml")?;
    // cbindgen sees no macros, so the catalogue's numbers are written here.
    let constants = config.after_includes.get_or_insert_default();
    macro_rules! levels_of_c {
        ($( $(#[$doc:meta])+ $NAME:ident = $number:literal $(on $family:ident)?; )+) => {
            $( *constants += &format!("\n#define ANCIL_{} {}", stringify!($NAME), $number); )+
        };
    }
    levels!(levels_of_c);
    *constants += "\n\n/* The types of control messages, each with its level. */";
    macro_rules! types_of_c {
        ($(
            #[$doc:meta]
            $NAME:ident = $level:ident, $ty:literal $((sparc $sparc:literal))?, $dir:ident($($types:tt)+), $Variant:ident,
                $option:literal, $source:literal $(, as $printed:literal)?;
        )+) => { $(
            let number = [$ty $(, $sparc)?];
            let number = if let [ty, sparc] = number[..] { format!("ANCIL_BY_ARCH({ty}, {sparc})") } else { $ty.to_string() };
            *constants += &format!("\n#define ANCIL_{} {number} /* {} */", stringify!($NAME), stringify!($level));
        )+ };
    }
    catalogue!(types_of_c);
    *constants += &format!("\n\n#define ANCIL_VERSION \"{}\"", env!("CARGO_PKG_VERSION"));

    // Every payload struct with a layout: `#[repr(..)]`, then `pub struct SockExtendedErr`, is ancil_sock_extended_err.
    let mut files = Vec::new();
    for room in ["addr", "netlink", "payload"] {
        for file in std::fs::read_dir(format!("src/{room}"))? {
            files.push(file?.path());
        }
    }
    files.sort();
    for file in files {
        let source = std::fs::read_to_string(file)?;
        let mut lines = source.lines();
        while lines.any(|line| line == "#[repr(C)]" || line == "#[repr(transparent)]") {
            let Some(name) = lines.next().and_then(|line| line.strip_prefix("pub struct ")) else { continue };
            let name = name.split(|c: char| !c.is_alphanumeric()).next().unwrap_or_default().to_string();
            let snake = |c: char| if c.is_uppercase() { format!("_{}", c.to_lowercase()) } else { c.into() };
            config.export.rename.insert(name.clone(), format!("ancil{}", name.chars().map(snake).collect::<String>()));
            config.export.include.push(name);
        }
    }

    let mut made = Vec::new();
    let roots = ["src/addr/mod.rs", "src/netlink/mod.rs", "src/payload/mod.rs", "src/capi/mod.rs"];
    let builder = roots.into_iter().fold(cbindgen::Builder::new(), |builder, root| builder.with_src(root));
    builder.with_config(config).generate()?.write(&mut made);
    if std::env::var_os("ANCIL_UPDATE_HEADER").is_some() {
        std::fs::write("include/ancil.h", &made)?;
    } else if std::fs::read("include/ancil.h").unwrap_or_default() != made {
        return Err("include/ancil.h is stale: ANCIL_UPDATE_HEADER=1 cargo build --features header".into());
    }
    Ok(())
}
