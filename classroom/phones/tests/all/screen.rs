//! The screen that brings the phones in.

use phones::{networks, poster};

#[test]
fn the_poster_fits_a_screen_and_can_be_read_from_the_back_row() {
    for url in ["http://10.0.0.1:8000", "http://192.168.100.100:65535"] {
        for has_colours in [true, false] {
            let poster = poster(url, &"17 phones are here. ".repeat(20), has_colours);
            assert!(poster.lines().count() <= 20, "{poster}");
            let plain = poster.replace("\x1b[30;107m", "").replace("\x1b[0m", "");
            assert!(plain.lines().all(|line| line.chars().count() <= 79), "{plain}");
            assert!(plain.contains("17 phones are here"), "{plain}");
            assert!(plain.contains("▀▀▀"), "the address is large: {plain}");
        }
    }
    let name = poster("http://a-laptop.local:8000", "", false);
    assert!(name.contains("\n  http://a-laptop.local:8000"), "{name}");
}

#[test]
fn no_network_is_offered_that_phones_cannot_reach() {
    let networks = networks().expect("the system tells");
    assert!(networks.iter().all(|network| !network.address.is_loopback()), "{networks:?}");
}
