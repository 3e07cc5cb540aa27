//! TLS, for pages whose addresses begin with `https://`.

use std::error::Error as StdError;
use std::io;
use std::sync::{Arc, LazyLock, OnceLock};

use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::crypto::ring::default_provider;
use rustls::pki_types::{CertificateDer, ServerName, UnixTime};
use rustls::{
    CertificateError, ClientConfig, DigitallySignedStruct, Error, InvalidMessage, SignatureScheme,
};
use rustls_platform_verifier::Verifier;

/// Why no site can be trusted.
const NO_AUTHORITIES: &str = "this system has no certificates of authorities: install \
                              ca-certificates, or name a file of them in SSL_CERT_FILE";

/// How all sessions of this process speak TLS.
pub fn config() -> ClientConfig {
    static CONFIG: LazyLock<ClientConfig> = LazyLock::new(|| {
        // A second call finds the provider in place, which is as good.
        let _ = default_provider().install_default();
        ClientConfig::builder()
            .dangerous()
            .with_custom_certificate_verifier(Arc::new(SystemVerifier::default()))
            .with_no_client_auth()
    });
    CONFIG.clone()
}

/// Trusts the authorities that the system trusts.
///
/// Their certificates are read when the first site shows its own: to read them takes longer than many
/// a page, and a page over http needs none.
#[derive(Debug, Default)]
struct SystemVerifier(OnceLock<Result<Verifier, Error>>);

impl SystemVerifier {
    fn verifier(&self) -> Result<&Verifier, Error> {
        let verifier = self.0.get_or_init(|| {
            let verifier = Verifier::new(Arc::new(default_provider()));
            verifier.map_err(|_| Error::General(NO_AUTHORITIES.into()))
        });
        verifier.as_ref().map_err(Error::clone)
    }
}

impl ServerCertVerifier for SystemVerifier {
    fn verify_server_cert(
        &self,
        certificate: &CertificateDer,
        between: &[CertificateDer],
        name: &ServerName,
        ocsp_response: &[u8],
        now: UnixTime,
    ) -> Result<ServerCertVerified, Error> {
        self.verifier()?.verify_server_cert(certificate, between, name, ocsp_response, now)
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer,
        signature: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        self.verifier()?.verify_tls12_signature(message, certificate, signature)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer,
        signature: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        self.verifier()?.verify_tls13_signature(message, certificate, signature)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        default_provider().signature_verification_algorithms.supported_schemes()
    }
}

/// What is wrong with a site, if this error is about TLS.
pub fn fault(error: &(dyn StdError + 'static)) -> Option<String> {
    let mut cause = Some(error);
    while let Some(error) = cause {
        if let Some(error) = error.downcast_ref::<Error>() {
            return in_words(error);
        }
        // An error of the system names the cause of the one inside it as its own.
        let inside = error.downcast_ref::<io::Error>().and_then(io::Error::get_ref);
        cause = match inside {
            Some(inside) => Some(inside),
            None => error.source(),
        };
    }
    None
}

fn in_words(error: &Error) -> Option<String> {
    let fault = match error {
        Error::InvalidMessage(InvalidMessage::InvalidContentType) => {
            "it speaks no TLS; try http://"
        }
        Error::General(sentence) => sentence,
        Error::InvalidCertificate(fault) => return Some(certificate_in_words(fault)),
        _ => return None,
    };
    Some(fault.into())
}

fn certificate_in_words(fault: &CertificateError) -> String {
    use CertificateError::{
        Expired, ExpiredContext, NotValidForName, NotValidForNameContext, NotValidYet,
        NotValidYetContext, Other, UnknownIssuer,
    };
    let fault = match fault {
        Expired | ExpiredContext { .. } => "has expired",
        NotValidYet | NotValidYetContext { .. } => "is not valid yet",
        NotValidForName | NotValidForNameContext { .. } => "is for another name",
        UnknownIssuer => "is of no authority that is trusted here",
        Other(fault) if fault.to_string() == "CaUsedAsEndEntity" => {
            "is that of an authority, and not of a site"
        }
        fault => return format!("its certificate is not trusted ({fault})"),
    };
    format!("its certificate {fault}")
}
