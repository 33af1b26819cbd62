//! `cargo xtask serve`: a small server for the playground, for this machine only.

use std::collections::HashMap;
use std::fmt::Write as _;
use std::fs;
use std::io::{BufRead, BufReader, Write as _};
use std::net::{Ipv4Addr, TcpListener, TcpStream};
use std::path::{Component, Path, PathBuf};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::{Duration, SystemTime};

use anyhow::{Context, Result, ensure};

use crate::page::{gzip, policy, sha256};

/// Serves the folder until the process ends.
pub(crate) fn serve(folder: &Path, port: u16) -> Result<()> {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, port))
        .with_context(|| format!("port {port} of 127.0.0.1 can't be had; `--port 0` takes any that is free"))?;
    // Whoever starts this with port 0 reads the address from here.
    println!("http://127.0.0.1:{}/", listener.local_addr()?.port());
    run(folder, &listener)
}

/// Answers whoever connects.
pub(crate) fn run(folder: &Path, listener: &TcpListener) -> Result<()> {
    ensure!(folder.join("index.html").exists(), "there is no {}: run `cargo xtask web`", folder.display());
    let site = Arc::new(Site { folder: folder.to_owned(), kept: Mutex::default() });
    for stream in listener.incoming() {
        let (stream, site) = (stream?, Arc::clone(&site));
        // A browser that goes away in the middle of an answer is no failure of the server.
        thread::spawn(move || _ = converse(&stream, &site));
    }
    Ok(())
}

/// Answers request after request on one connection.
fn converse(mut stream: &TcpStream, site: &Site) -> Result<()> {
    stream.set_read_timeout(Some(Duration::from_secs(30)))?;
    stream.set_nodelay(true)?;
    let mut reader = BufReader::new(stream);
    while let Some(request) = Request::read(&mut reader)? {
        let answer = site.answer(&request);
        stream.write_all(answer.head().as_bytes())?;
        if request.method != "HEAD" {
            stream.write_all(&answer.body)?;
        }
    }
    Ok(())
}

/// As much of a request as matters here.
#[derive(Debug, Default)]
struct Request {
    method: String,
    path: String,
    gzip: bool,
    /// The tag of the version that the browser has.
    known: String,
}

impl Request {
    /// The next one; `None` where the browser has closed the connection.
    fn read(reader: &mut impl BufRead) -> Result<Option<Self>> {
        let mut line = String::new();
        if reader.read_line(&mut line)? == 0 {
            return Ok(None);
        }
        let mut words = line.split_whitespace();
        let mut request = Self { method: words.next().unwrap_or_default().to_owned(), ..Self::default() };
        words.next().unwrap_or_default().clone_into(&mut request.path);
        loop {
            let mut line = String::new();
            if reader.read_line(&mut line)? == 0 || line.trim().is_empty() {
                return Ok(Some(request));
            }
            let (name, value) = line.split_once(':').unwrap_or_default();
            match name.to_ascii_lowercase().as_str() {
                "accept-encoding" => request.gzip = value.split(',').any(|way| way.trim() == "gzip"),
                "if-none-match" => value.trim().clone_into(&mut request.known),
                _ => {}
            }
        }
    }
}

struct Answer {
    status: &'static str,
    headers: Vec<(&'static str, String)>,
    body: Arc<[u8]>,
}

impl Answer {
    fn plain(status: &'static str) -> Self {
        let headers = vec![("Content-Type", "text/plain; charset=utf-8".to_owned())];
        Self { status, headers, body: format!("{status}\n").into_bytes().into() }
    }

    fn head(&self) -> String {
        let mut head = format!("HTTP/1.1 {}\r\n", self.status);
        for (name, value) in &self.headers {
            _ = write!(head, "{name}: {value}\r\n");
        }
        _ = write!(head, "Content-Length: {}\r\n\r\n", self.body.len());
        head
    }
}

/// The folder, with what compressing its files took long to find out.
struct Site {
    folder: PathBuf,
    kept: Mutex<HashMap<PathBuf, (SystemTime, Kept)>>,
}

#[derive(Clone)]
struct Kept {
    /// Changes with the content.
    tag: String,
    plain: Arc<[u8]>,
    gzip: Arc<[u8]>,
}

impl Site {
    fn answer(&self, request: &Request) -> Answer {
        if !matches!(request.method.as_str(), "GET" | "HEAD") {
            return Answer::plain("405 Method Not Allowed");
        }
        let Some((path, kept)) = self.file(&request.path) else { return Answer::plain("404 Not Found") };
        let mut headers = vec![
            ("Content-Type", kind(&path).to_owned()),
            // The browser asks each time and is told by the tag that nothing has changed.
            ("Cache-Control", "no-cache".to_owned()),
            ("ETag", kept.tag.clone()),
            ("Vary", "Accept-Encoding".to_owned()),
            ("X-Content-Type-Options", "nosniff".to_owned()),
            ("Referrer-Policy", "no-referrer".to_owned()),
        ];
        let page = fs::read_to_string(self.folder.join("index.html"));
        if let Some(policy) = page.ok().and_then(|page| policy(&page).ok()) {
            // What a page can't forbid by itself: to be framed by another.
            headers.push(("Content-Security-Policy", format!("{policy}; frame-ancestors 'self'")));
        }
        if request.known == kept.tag {
            return Answer { status: "304 Not Modified", headers, body: Arc::default() };
        }
        if request.gzip {
            headers.push(("Content-Encoding", "gzip".to_owned()));
        }
        Answer { status: "200 OK", headers, body: if request.gzip { kept.gzip } else { kept.plain } }
    }

    /// The file that a path means. Nothing outside of the folder is ever served.
    fn file(&self, path: &str) -> Option<(PathBuf, Kept)> {
        let path = path.split(['?', '#']).next()?.strip_prefix('/')?;
        let path = Path::new(if path.is_empty() { "index.html" } else { path });
        if !path.components().all(|part| matches!(part, Component::Normal(_))) {
            return None;
        }
        let path = self.folder.join(path);
        let changed = fs::metadata(&path).and_then(|data| data.modified()).ok()?;
        let mut all = self.kept.lock().ok()?;
        if let Some((known, kept)) = all.get(&path)
            && *known == changed
        {
            return Some((path, kept.clone()));
        }
        let plain = fs::read(&path).ok()?;
        let gzip = gzip(&plain).ok()?.into();
        let kept = Kept { tag: format!("\"{}\"", sha256(&plain)), plain: plain.into(), gzip };
        all.insert(path.clone(), (changed, kept.clone()));
        Some((path, kept))
    }
}

fn kind(path: &Path) -> &'static str {
    match path.extension().and_then(|extension| extension.to_str()).unwrap_or_default() {
        "html" => "text/html; charset=utf-8",
        "js" => "text/javascript; charset=utf-8",
        "css" => "text/css; charset=utf-8",
        "wasm" => "application/wasm",
        "svg" => "image/svg+xml",
        "png" => "image/png",
        "ico" => "image/x-icon",
        "json" => "application/json",
        "webmanifest" => "application/manifest+json",
        "txt" => "text/plain; charset=utf-8",
        _ => "application/octet-stream",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ask(site: &Site, text: &str) -> Answer {
        site.answer(&Request::read(&mut text.as_bytes()).unwrap().unwrap())
    }

    fn header<'a>(answer: &'a Answer, name: &str) -> &'a str {
        answer.headers.iter().find(|header| header.0 == name).map_or("", |header| &header.1)
    }

    #[test]
    fn files_are_served_with_their_type_and_policy_and_nothing_else_is() {
        let folder = tempfile::tempdir().unwrap();
        let page = "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'self'\">";
        fs::create_dir(folder.path().join("dist")).unwrap();
        fs::write(folder.path().join("secret"), "x").unwrap();
        fs::write(folder.path().join("dist/index.html"), page).unwrap();
        fs::write(folder.path().join("dist/a.wasm"), "module").unwrap();
        let site = Site { folder: folder.path().join("dist"), kept: Mutex::default() };

        let answer = ask(&site, "GET /?example=shop HTTP/1.1\r\n\r\n");
        assert_eq!((answer.status, &*answer.body), ("200 OK", page.as_bytes()));
        assert_eq!(header(&answer, "Content-Type"), "text/html; charset=utf-8");
        assert_eq!(header(&answer, "Content-Security-Policy"), "default-src 'self'; frame-ancestors 'self'");

        let answer = ask(&site, "GET /a.wasm HTTP/1.1\r\nAccept-Encoding: br, gzip\r\n\r\n");
        assert_eq!(
            (header(&answer, "Content-Type"), header(&answer, "Content-Encoding")),
            ("application/wasm", "gzip")
        );
        let again = format!("GET /a.wasm HTTP/1.1\r\nIf-None-Match: {}\r\n\r\n", header(&answer, "ETag"));
        assert_eq!(ask(&site, &again).status, "304 Not Modified");
        fs::write(folder.path().join("dist/a.wasm"), "another").unwrap();
        let later = SystemTime::now() + Duration::from_secs(5);
        fs::File::options().append(true).open(folder.path().join("dist/a.wasm")).unwrap().set_modified(later).unwrap();
        assert_eq!(&*ask(&site, &again).body, b"another");

        for (request, status) in [
            ("GET /none HTTP/1.1\r\n\r\n", "404 Not Found"),
            ("GET /../secret HTTP/1.1\r\n\r\n", "404 Not Found"),
            ("GET //secret HTTP/1.1\r\n\r\n", "404 Not Found"),
            ("POST / HTTP/1.1\r\n\r\n", "405 Method Not Allowed"),
        ] {
            assert_eq!(ask(&site, request).status, status, "{request}");
        }
    }
}
