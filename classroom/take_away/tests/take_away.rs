//! Each engine runs as it stands.

use std::time::Duration;

use site::{Behaviour, PAGES, Site};
use testing::{example, run};

#[test]
fn the_pages_are_read() {
    for name in ["pages_in_turn", "pages_on_threads", "pages_as_tasks", "pages_in_processes"] {
        let behaviour = Behaviour { latency: Duration::from_millis(20), ..Behaviour::default() };
        let site = Site::open(0, behaviour).expect("a port is free");
        let urls: Vec<String> = PAGES.iter().cycle().take(10).map(|page| site.url(page)).collect();
        let urls: Vec<&str> = urls.iter().map(String::as_str).collect();
        let ended = run(&example(name), &urls).well();
        assert_eq!(ended.times_read("10966 /jython"), 5, "{ended}");
        assert_eq!(ended.times_read("280 /dice"), 5, "{ended}");
        assert!(ended.line_with(" pages in ").starts_with("10 pages in "), "{ended}");
        let most = site.counts().most_at_once;
        let wanted = match name {
            "pages_in_turn" => 1..=1,
            "pages_on_threads" => 2..=5,
            "pages_as_tasks" => 10..=10,
            _ => 1..=num_cpus::get(),
        };
        assert!(wanted.contains(&most), "{name}: {most} at once");
    }
}

#[test]
fn the_sums_are_right() {
    for name in ["sums_in_turn", "sums_on_threads", "sums_in_processes"] {
        let ended = run(&example(name), &[]).well();
        ended.assert_line("together 833337833344750010830");
        assert!(ended.line_with(" sums in ").starts_with("20 sums in "), "{ended}");
    }
}

#[test]
fn fetch_add_loses_nothing() {
    let ended = run(&example("two_counters"), &[]).well();
    ended.assert_line("fetch_add:        20000000 of 20000000");
}
