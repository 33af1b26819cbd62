//! What compiles for the browser.
//!
//! The standard library for `wasm32-unknown-unknown` comes from rustup where rustup can bring it. Elsewhere Debian's
//! `rustc-web` stands in, whose standard library is built once from Debian's source package and kept in `target/`.
//! `WEB_TOOLCHAIN=rustup` or `=debian` insists on one of them.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, bail, ensure};

use xtask::shell::{command, install, output, root, run, succeeds};

pub(crate) const TARGET: &str = "wasm32-unknown-unknown";
const PACKAGES: [&str; 3] = ["rustc-web", "rust-web-src", "lld-19"];
const DEBIAN_RUSTC: &str = "/usr/bin/rustc";
const DEBIAN_SOURCE: &str = "/usr/lib/rustlib/src/rust/library";

/// What compiles for the browser.
pub(crate) enum Toolchain {
    /// The one that compiles for this machine.
    Plain,
    /// Debian's, with a standard library of our own making.
    Debian {
        /// The folder that stands for `/usr`.
        sysroot: PathBuf,
    },
}

impl Toolchain {
    /// Makes this cargo use it.
    pub(crate) fn apply(&self, cargo: &mut Command) {
        cargo.arg("--target").arg(TARGET).arg("--target-dir").arg(self.folder());
        if let Self::Debian { sysroot } = self {
            let flags = format!("--sysroot={} -Clinker=wasm-ld-19", sysroot.display());
            cargo.env("RUSTC", DEBIAN_RUSTC).env("CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_RUSTFLAGS", flags);
        }
    }

    /// Where its output goes.
    fn folder(&self) -> PathBuf {
        match self {
            Self::Plain => std::env::var_os("CARGO_TARGET_DIR").map_or_else(|| root().join("target"), PathBuf::from),
            // Another compiler's output would push that of this one out of the cache.
            Self::Debian { .. } => root().join("target/debian"),
        }
    }

    /// Where the modules are that a profile made.
    pub(crate) fn built(&self, profile: &str) -> PathBuf {
        self.folder().join(TARGET).join(profile)
    }
}

/// The first that works here.
pub(crate) fn toolchain() -> Result<Toolchain> {
    let wanted = std::env::var("WEB_TOOLCHAIN").unwrap_or_default();
    if wanted != "debian" {
        if has_standard_library() || (rustup_brings_it() && has_standard_library()) {
            return Ok(Toolchain::Plain);
        }
        ensure!(wanted != "rustup", "`rustup target add {TARGET}` does not work here");
    }
    debian().with_context(|| {
        format!(
            "no way to compile for the browser: neither `rustup target add {TARGET}` nor \
             `apt-get install {}` gave a standard library for it",
            PACKAGES.join(" ")
        )
    })
}

fn has_standard_library() -> bool {
    let folder = output(command("rustc --print target-libdir --target").arg(TARGET));
    folder.is_ok_and(|folder| has_core(Path::new(&folder)))
}

fn has_core(folder: &Path) -> bool {
    let names = fs::read_dir(folder).into_iter().flatten().flatten().map(|entry| entry.file_name());
    names.into_iter().any(|name| {
        let name = name.to_string_lossy();
        name.starts_with("libcore-") && name.ends_with(".rlib")
    })
}

/// A proxy that swallows the download would keep rustup waiting for long.
fn rustup_brings_it() -> bool {
    succeeds(command("timeout 120 rustup target add").arg(TARGET))
}

fn debian() -> Result<Toolchain> {
    install_packages()?;
    let version = output(Command::new(DEBIAN_RUSTC).arg("-V"))?;
    let name: String = version.chars().map(|c| if c.is_ascii_alphanumeric() || c == '.' { c } else { '-' }).collect();
    let sysroot = root().join("target").join("sysroot").join(name);
    let libraries = sysroot.join("lib/rustlib").join(TARGET).join("lib");
    if !has_core(&libraries) {
        build_standard_library(&sysroot, &libraries)?;
    }
    Ok(Toolchain::Debian { sysroot })
}

fn install_packages() -> Result<()> {
    let there = || Path::new(DEBIAN_SOURCE).is_dir() && succeeds(Command::new("wasm-ld-19").arg("--version"));
    if there() && Path::new(DEBIAN_RUSTC).exists() {
        return Ok(());
    }
    install(&PACKAGES)?;
    ensure!(there(), "the packages {} are installed, but hold no sources in {DEBIAN_SOURCE}", PACKAGES.join(" "));
    Ok(())
}

/// Builds the standard library from Debian's sources with Debian's compiler, as `-Zbuild-std` does, once: an empty
/// crate is compiled for the target and the libraries that this took are kept.
fn build_standard_library(sysroot: &Path, libraries: &Path) -> Result<()> {
    let work = root().join("target/sysroot/build");
    fs::create_dir_all(work.join("src"))?;
    fs::write(
        work.join("Cargo.toml"),
        "[package]\nname = \"nothing\"\nversion = \"0.0.0\"\nedition = \"2021\"\n[workspace]\n",
    )?;
    fs::write(work.join("src/lib.rs"), "")?;
    let mut cargo = command("cargo build --release -Zbuild-std=std,panic_abort --target");
    cargo.arg(TARGET).current_dir(&work);
    // Only this build needs features that are not stable; bitcode lets later builds optimise across crates.
    cargo.env("RUSTC", DEBIAN_RUSTC).env("RUSTC_BOOTSTRAP", "1").env("CARGO_TARGET_DIR", work.join("target"));
    cargo.env("CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_RUSTFLAGS", "-Cembed-bitcode=yes");
    run(&mut cargo)?;
    fs::create_dir_all(libraries)?;
    let built = work.join("target").join(TARGET).join("release/deps");
    for entry in fs::read_dir(&built)?.flatten() {
        let name = entry.file_name();
        let name = name.to_string_lossy();
        if name.starts_with("lib")
            && !name.starts_with("libnothing")
            && (name.ends_with(".rlib") || name.ends_with(".rmeta"))
        {
            fs::copy(entry.path(), libraries.join(&*name))?;
        }
    }
    if !has_core(libraries) {
        bail!("the build in {} made no libcore", built.display());
    }
    share_host_libraries(sysroot)
}

/// Build scripts and macros run on this machine and need its own libraries, found from the same sysroot.
fn share_host_libraries(sysroot: &Path) -> Result<()> {
    let host = output(Command::new(DEBIAN_RUSTC).args(["--print", "host-tuple"]))?;
    let link = sysroot.join("lib/rustlib").join(&host);
    if !link.exists() {
        let system = output(Command::new(DEBIAN_RUSTC).args(["--print", "sysroot"]))?;
        std::os::unix::fs::symlink(Path::new(&system).join("lib/rustlib").join(&host), link)?;
    }
    Ok(())
}
