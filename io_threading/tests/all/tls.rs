//! Pages over https, from a server with a certificate of an authority that only the tests know; and
//! pages over http, which need no certificates.
//!
//! The files in `tests/tls/` were made with `openssl` and are valid for a hundred years. The authority's
//! key was thrown away.

use std::io::{BufReader, Write};
use std::sync::Arc;

use io_lesson::{Behaviour, Site};
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::{ServerConfig, ServerConnection, StreamOwned};
use testing::{ProcessOutput, Running, command};
use testing_downloads::{read_head, serve, server_that_answers, server_that_redirects_to};

use crate::program::PROGRAM;

/// The authority's certificate, for `SSL_CERT_FILE`.
const AUTHORITY: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/tls/authority.pem");

/// A certificate that is its own authority, as `openssl req -x509` makes it.
const SELF_SIGNED: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/tls/self_signed.pem");

/// The address of a server with this certificate that answers everyone with the page `secure`.
fn secure_server(certificate: &[u8]) -> String {
    let certificate = CertificateDer::from_pem_slice(certificate);
    let key = PrivateKeyDer::from_pem_slice(include_bytes!("../tls/key.pem"));
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let config = ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .expect("ring has them")
        .with_no_client_auth()
        .with_single_cert(
            vec![certificate.expect("it is a certificate")],
            key.expect("it is a key"),
        );
    let config = Arc::new(config.expect("the key belongs to the certificate"));
    let address = serve(move |stream| {
        let Ok(connection) = ServerConnection::new(Arc::clone(&config)) else { return };
        let mut stream = BufReader::new(StreamOwned::new(connection, stream));
        // A client that does not trust the certificate hangs up.
        while read_head(&mut stream) {
            let answer = b"HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\nsecure";
            if stream.get_mut().write_all(answer).is_err() {
                return;
            }
        }
    });
    address.replace("http://127.0.0.1", "https://localhost")
}

/// The address of a server with a certificate of the authority.
fn server_of_the_authority() -> String {
    secure_server(include_bytes!("../tls/server.pem"))
}

/// Downloads each page once, where the system trusts the authorities in this file.
fn download(authorities: &str, pages: &[&str]) -> ProcessOutput {
    let mut command = command(PROGRAM, &["-n", "1"]);
    command.args(pages).env("SSL_CERT_FILE", authorities).env("SSL_CERT_DIR", "/nonexistent");
    Running::start(&mut command).end()
}

/// `https://localhost` with an authority that the system trusts, and a redirect to it.
#[test]
fn https_on_this_machine_is_read() {
    let secure = server_of_the_authority();
    let redirect = server_that_redirects_to(&secure);
    let ended = download(AUTHORITY, &[&secure, &redirect]).well();
    assert_eq!(ended.downloaded(), 2, "{ended}");
    assert_eq!(ended.stdout.matches("Read 6 from ").count(), 2, "{ended}");
}

/// Without such an authority the certificate is named as the reason.
#[test]
fn a_certificate_that_is_not_trusted_is_a_sentence() {
    let secure = server_of_the_authority();
    let ended = download(SELF_SIGNED, &[&secure]).with_status(1);
    ended.assert_error(&format!(
        "{secure}: its certificate is of no authority that is trusted here\n"
    ));
}

/// What `openssl req -x509` makes is a certificate of an authority: it is refused, trusted or not.
#[test]
fn a_certificate_that_is_its_own_authority_is_a_sentence() {
    let secure = secure_server(include_bytes!("../tls/self_signed.pem"));
    for authorities in [AUTHORITY, SELF_SIGNED] {
        let ended = download(authorities, &[&secure]).with_status(1);
        ended.assert_error(&format!(
            "{secure}: its certificate is that of an authority, and not of a site\n"
        ));
    }
}

/// A machine without certificates: an image of a small system, or a wrong `SSL_CERT_FILE`.
#[test]
fn only_https_needs_certificates() {
    let plain = server_that_answers("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nplain");
    let secure = server_of_the_authority();
    let redirect = server_that_redirects_to(&secure);
    let ended = download("/nonexistent", &[&plain, &secure, &redirect]).with_status(1);
    assert_eq!(ended.downloaded(), 1, "{ended}");
    assert_eq!(ended.stdout.matches("Read 5 from ").count(), 1, "{ended}");
    for page in [secure, redirect] {
        ended.assert_error(&format!(
            "{page}: this system has no certificates of authorities: install ca-certificates, or \
             name a file of them in SSL_CERT_FILE\n"
        ));
    }
}

/// `https` where it has to be `http`.
#[test]
fn a_server_without_tls_is_a_sentence() {
    let site = Site::open(0, Behaviour::default()).expect("a port is free");
    let page = site.url("/dice").replace("http://", "https://");
    let ended = download(AUTHORITY, &[&page]).with_status(1);
    ended.assert_error(&format!("{page}: it speaks no TLS; try http://\n"));
}
