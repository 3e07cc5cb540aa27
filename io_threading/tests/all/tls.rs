//! Pages over https, from a server with a certificate of an authority that only the tests know.
//!
//! The files in `tests/tls/` were made with `openssl` and are valid for a hundred years. The authority's
//! key was thrown away.

use std::io::{BufReader, Write};
use std::sync::Arc;

use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::{ServerConfig, ServerConnection, StreamOwned};
use testing::{Running, command};
use testing_downloads::{read_head, serve, server_that_answers};

use crate::program::PROGRAM;

/// The authority's certificate, for `SSL_CERT_FILE`.
const AUTHORITY: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/tls/authority.pem");

/// The address of a server that answers everyone with the page `secure`.
fn secure_server() -> String {
    let certificate = CertificateDer::from_pem_slice(include_bytes!("../tls/server.pem"));
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

/// `https://localhost` with an authority that the system trusts, and a redirect to it.
#[test]
fn https_on_this_machine_is_read() {
    let secure = secure_server();
    let redirect = server_that_answers(format!(
        "HTTP/1.1 302 Found\r\nLocation: {secure}\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
    ));
    let mut command = command(PROGRAM, &["-n", "1", &secure, &redirect]);
    let ended = Running::start(command.env("SSL_CERT_FILE", AUTHORITY)).end().well();
    assert_eq!(ended.downloaded(), 2, "{ended}");
    assert_eq!(ended.stdout.matches("Read 6 from ").count(), 2, "{ended}");
}

/// Without such an authority the certificate is named as the reason.
#[test]
fn a_certificate_that_is_not_trusted_is_a_sentence() {
    let secure = secure_server();
    let ended = Running::start(&mut command(PROGRAM, &["-n", "1", &secure])).end().with_status(1);
    ended.assert_error(&format!("{secure}: its certificate is not trusted ("));
}
