//! Draws runs as an SVG: as much as is legible, as in the terminal.

use std::fmt::Write;

use console::truncate_str;

use crate::drawing::{STRIPES, are_wide, drawing};
use crate::layout::{Canvas, Layout, WholeRun};
use crate::markup::{COLOURS, Escaped};
use crate::meaning::{State, states};
use crate::run::Timeline;
use basics::words::fill;

/// The width of a picture, in pixels.
const WIDTH: f64 = 840.0;

/// The distance between the picture and its edge, in pixels.
const EDGE: f64 = 14.0;

/// Where the time axis begins.
const LEFT: f64 = 150.0;

/// The width of a letter, in pixels, on average.
const LETTER: f64 = 7.0;

/// The height of a line of text, in pixels.
const LINE: f64 = 21.0;

/// The height of a lane, in pixels.
const LANE: u32 = 20;

/// The most letters of a lane's name.
const MOST_LETTERS: usize = 19;

/// The most rows of all runs together.
const MOST_ROWS: usize = 12;

/// The width of a column of the line of the whole run.
const COLUMN: f64 = 12.0;

/// Runs as an SVG, one below the other.
pub fn document(runs: &[Timeline]) -> String {
    let canvas = Canvas {
        width: WIDTH - LEFT - EDGE,
        legible: 48.0,
        most_rows: MOST_ROWS / runs.len().max(1),
        most_items: usize::MAX,
        tick: 70.0,
        in_seconds: true,
    };
    let layouts = Layout::of_all(runs, &canvas);
    let mut picture = Picture { svg: String::new(), y: EDGE };
    let mut legend = Vec::new();
    for (run, layout) in runs.iter().zip(&layouts) {
        picture.head(run);
        picture.rows(layout);
        if let Some(whole_run) = WholeRun::of(run, layout, (canvas.width / COLUMN) as usize) {
            picture.whole_run(&whole_run);
        }
        for state in states(layout) {
            let entry = (sample(state), state.meaning(run.job));
            if !legend.contains(&entry) {
                legend.push(entry);
            }
        }
    }
    picture.legend(&legend);
    picture.document(runs)
}

/// A picture that grows downwards.
struct Picture {
    svg: String,
    /// How far it reaches, in pixels.
    y: f64,
}

impl Picture {
    fn document(self, runs: &[Timeline]) -> String {
        let height = self.y + EDGE;
        let programs: Vec<&str> = runs.iter().map(|run| &*run.program).collect();
        let sentences: Vec<String> = runs.iter().map(Timeline::sentence).collect();
        let style = include_str!("drawing.css");
        format!(
            "<svg xmlns=\"http://www.w3.org/2000/svg\" role=\"img\" width=\"{WIDTH}\" \
             height=\"{height:.0}\" viewBox=\"0 0 {WIDTH} {height:.0}\">\n<title>{}</title>\
             <desc>{}</desc>\n<style>\n{COLOURS}{style}.page{{fill:var(--page)}}\
             text{{fill:var(--ink);font:13px system-ui,sans-serif}}.head{{font-weight:600}}\
             .tick{{stroke:var(--line);fill:none}}.whole{{fill:var(--faint)}}\
             .drawn{{fill:var(--ink)}}\n</style><defs>{STRIPES}</defs>\n\
             <rect class=\"page\" width=\"100%\" height=\"100%\"/>\n{}</svg>\n",
            Escaped(&programs.join(" and ")),
            Escaped(&sentences.join(". ")),
            self.svg
        )
    }

    /// The name of a run and what it shows; the totals if that is nothing.
    fn head(&mut self, run: &Timeline) {
        self.y += 8.0;
        let head = format!("{}: {:.3} s", run.program, run.duration.as_secs_f64());
        self.text("head", EDGE, &head);
        let words = run.finding().unwrap_or_else(|| run.sentence());
        let columns = ((WIDTH - 2.0 * EDGE) / LETTER) as usize;
        for line in fill(&words, columns, "", "").lines() {
            self.y += LINE;
            self.text("", EDGE, line);
        }
        self.y += 2.0 * LINE;
    }

    /// A line of text that stands on the present height.
    fn text(&mut self, class: &str, x: f64, text: &str) {
        let (y, text) = (self.y + 8.0, Escaped(text));
        let _ =
            writeln!(self.svg, "<text class=\"{class}\" x=\"{x:.1}\" y=\"{y:.0}\">{text}</text>");
    }

    /// The axis, and the bars with their names.
    fn rows(&mut self, layout: &Layout) {
        let rows = layout.all_rows();
        let height = LANE * rows.len() as u32;
        let (top, width) = (self.y, WIDTH - LEFT - EDGE);
        for (number, (time, label)) in layout.ticks.iter().enumerate() {
            let x = LEFT + layout.x(*time);
            // The first has its unit behind it, for which there is room.
            let anchor = if number == 0 { "start" } else { "middle" };
            if number == 0 || x + LETTER * label.len() as f64 / 2.0 < WIDTH {
                let _ = write!(
                    self.svg,
                    "<path class=\"tick\" d=\"M{x:.1} {:.0}v{}\"/><text text-anchor=\"{anchor}\" \
                     x=\"{x:.1}\" y=\"{:.0}\">{label}</text>",
                    top - 4.0,
                    height + 4,
                    top - 8.0
                );
            }
        }
        let lined = if are_wide(layout) { " class=\"lined\"" } else { "" };
        let bars = drawing(layout, rows.iter().copied(), LANE);
        let _ = writeln!(
            self.svg,
            "<g{lined}><svg x=\"{LEFT}\" y=\"{top}\" width=\"{width}\" height=\"{height}\" \
             {bars}</svg></g>"
        );
        for row in rows {
            self.y += f64::from(LANE) / 2.0 - 3.0;
            self.text("", EDGE, &truncate_str(row.name, MOST_LETTERS, "…"));
            self.y += f64::from(LANE) / 2.0 + 3.0;
        }
        self.y += 6.0;
    }

    /// The whole run, and the part of it that is drawn.
    fn whole_run(&mut self, whole_run: &WholeRun) {
        self.y += 6.0;
        self.text("", EDGE, "whole run");
        let [length, drawn] = [whole_run.length, whole_run.drawn].map(|n| COLUMN * n as f64);
        let _ = writeln!(
            self.svg,
            "<rect class=\"whole\" x=\"{LEFT}\" y=\"{:.0}\" width=\"{length}\" height=\"4\"/>\
             <rect class=\"drawn\" x=\"{LEFT}\" y=\"{:.0}\" width=\"{drawn}\" height=\"10\"/>",
            self.y + 2.0,
            self.y - 1.0,
        );
        let words = format!("{} (thick: drawn above)", whole_run.words);
        if LEFT + length + 8.0 + LETTER * words.chars().count() as f64 > WIDTH {
            self.y += LINE;
            self.text("", LEFT, &words);
        } else {
            self.text("", LEFT + length + 8.0, &words);
        }
        self.y += LINE;
    }

    /// What the bars mean, in lines of samples and words.
    fn legend(&mut self, entries: &[(&str, &str)]) {
        self.y += 10.0;
        let mut x = LEFT;
        for (sample, meaning) in entries {
            let length = 22.0 + LETTER * meaning.len() as f64;
            if x + length > WIDTH - EDGE {
                x = LEFT;
                self.y += LINE;
            }
            let y = self.y - 3.0;
            let _ = write!(
                self.svg,
                "<g class=\"legend\" transform=\"translate({x:.1} {y:.0})\">{sample}</g>"
            );
            self.text("", x + 22.0, meaning);
            x += length + 18.0;
        }
    }
}

/// What a state looks like, 16 pixels wide and 12 high.
fn sample(state: State) -> &'static str {
    match state {
        State::Works => "<rect class=\"work\" width=\"16\" height=\"12\"/>",
        State::PartlyWorks => {
            "<rect class=\"wait\" width=\"16\" height=\"12\"/>\
             <rect class=\"work\" y=\"6\" width=\"16\" height=\"6\"/>"
        }
        State::Waits => "<rect class=\"wait\" width=\"16\" height=\"12\"/>",
        State::Keeps => "<rect class=\"keeps\" width=\"16\" height=\"12\"/>",
        State::Fails => "<path class=\"fails\" stroke-width=\"10\" d=\"M8 6h0\"/>",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::job::Job;
    use crate::run::tests::downloads;

    #[test]
    fn the_drawing_says_what_it_shows_and_what_it_leaves_out() {
        let svg = document(&[downloads(5, 32)]);
        for words in [
            ">downloads: 2.880 s</text>",
            ">5 downloads wait at once: 2.88 s. One at a time they need at least 14.4 s</text>",
            ">thread 5</text>",
            ">0 s</text>",
            ">2.880 s, 85 more downloads (thick: drawn above)</text>",
            ">waits for an answer</text>",
        ] {
            assert!(svg.contains(words), "{words}: {svg}");
        }
        assert!(!svg.contains(">fails") && svg.contains("class=\"lined\""), "{svg}");
    }

    #[test]
    fn no_text_reaches_over_the_edge() {
        let race = Timeline { job: Job::Race, ..downloads(5, 32) };
        let svg = document(&[race.clone(), race]);
        for text in svg.split("<text").skip(1).filter(|text| !text.contains("anchor")) {
            let x =
                text.split(" x=\"").nth(1).and_then(|x| x.split('"').next()?.parse::<f64>().ok());
            let words = text.split(['>', '<']).nth(1).unwrap_or_default();
            let end = x.expect("it has a place") + 6.0 * words.chars().count() as f64;
            assert!(end <= WIDTH, "{end}: {words}");
        }
    }
}
