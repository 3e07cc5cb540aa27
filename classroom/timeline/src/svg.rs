//! Draws a run as an SVG.

use std::fmt::Write;

use console::{measure_text_width, truncate_str};

use crate::bars::{Look, Medium, bars, is_named, lane_height};
use crate::job::Job;
use crate::layout::{Canvas, Layout};
use crate::markup::{COLOURS, Escaped};
use crate::meaning::{State, hides_work, states, too_short};
use crate::run::Timeline;
use crate::strip::{STRIP, counts, strip};

/// The width of a picture, in pixels.
const WIDTH: f64 = 960.0;

/// The distance between the picture and its edge, in pixels.
const EDGE: f64 = 16.0;

/// The width of a letter, in pixels, on average.
const LETTER: f64 = 7.2;

/// The height of a line of text, in pixels.
const LINE: f64 = 22.0;

/// The most letters of a lane's name.
const MOST_LETTERS: usize = 24;

/// The most lanes that are drawn: more than the article has pages.
pub(super) const MOST_LANES: usize = 400;

/// The most items that are drawn, so that a browser is still quick.
pub(super) const MOST_ITEMS: usize = 10_000;

/// A run as an SVG of its own.
pub fn document(timeline: &Timeline) -> String {
    let names = timeline.lanes.iter().take(MOST_LANES).map(|lane| measure_text_width(&lane.name));
    let labels = LETTER * names.max().unwrap_or(0).clamp(10, MOST_LETTERS) as f64 + 8.0;
    let width = WIDTH - 2.0 * EDGE - labels;
    let canvas =
        Canvas { width, legible: 1.0, most_lanes: MOST_LANES, most_items: MOST_ITEMS, tick: 60.0 };
    let layout = Layout::new(timeline, &canvas);
    let mut drawing = Drawing { svg: String::new(), left: EDGE + labels, width, y: 0.0 };
    drawing.head(timeline);
    drawing.pictures(timeline, &layout);
    drawing.words(timeline, &layout);
    let height = drawing.y + EDGE;
    format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" role=\"img\" width=\"{WIDTH}\" \
         height=\"{height:.0}\" style=\"max-width:100%;height:auto\" viewBox=\"0 0 {WIDTH} {height:.0}\">{}</svg>\n",
        drawing.svg
    )
}

/// A drawing that grows downwards.
struct Drawing {
    svg: String,
    /// Where the time axis begins, in pixels.
    left: f64,
    /// How wide it is.
    width: f64,
    /// How far the drawing reaches.
    y: f64,
}

impl Drawing {
    fn head(&mut self, timeline: &Timeline) {
        let program = Escaped(&timeline.program);
        let total = timeline.duration.as_secs_f64();
        let _ = write!(
            self.svg,
            "<title>{program}: {total:.3} s</title><desc>{}</desc><style>{COLOURS}</style>\
             <rect class=\"page\" width=\"100%\" height=\"100%\"/>\
             <text class=\"head\" x=\"{EDGE}\" y=\"30\">{program}: {total:.3} s</text>",
            Escaped(&timeline.sentence()),
        );
        self.y = 64.0;
    }

    /// The axis, the bars with their names, and the strip.
    fn pictures(&mut self, timeline: &Timeline, layout: &Layout) {
        let lanes = layout.rows.len();
        let lane = lane_height(lanes);
        let plot = f64::from(lane) * lanes as f64;
        let (left, width, top) = (self.left, self.width, self.y);
        for (number, (time, label)) in layout.ticks.iter().enumerate() {
            let x = left + layout.x(*time);
            // The first has its unit behind it, for which there is room.
            let anchor = if number == 0 { "start" } else { "middle" };
            let _ = write!(
                self.svg,
                "<path class=\"tick\" d=\"M{x:.1} {top}v{:.0}\"/><text text-anchor=\"{anchor}\" \
                 x=\"{x:.1}\" y=\"{:.0}\">{label}</text>",
                plot + 8.0 + f64::from(STRIP),
                top - 8.0
            );
        }
        let look = Look { id: 1, lane, medium: Medium::Drawing };
        let _ = write!(
            self.svg,
            "<svg x=\"{left:.1}\" y=\"{top}\" width=\"{width:.1}\" height=\"{plot:.0}\" \
             class=\"bars\" {}</svg>",
            bars(timeline, layout, look)
        );
        for (number, row) in layout.rows.iter().enumerate() {
            if is_named(number, lanes) {
                let name = truncate_str(row.name, MOST_LETTERS, "…");
                self.name(&name, self.y + f64::from(lane.clamp(10, 24)) / 2.0 + 4.0);
            }
            self.y += f64::from(lane);
        }
        self.y += 8.0;
        let _ = write!(
            self.svg,
            "<svg x=\"{left:.1}\" y=\"{:.0}\" width=\"{width:.1}\" height=\"{STRIP}\" \
             class=\"strip\" {}</svg>",
            self.y,
            strip(timeline, layout, 1)
        );
        for (count, part) in counts(timeline) {
            let y = self.y + f64::from(STRIP) * (1.0 - part);
            self.name(&count, y.clamp(self.y + 10.0, self.y + f64::from(STRIP)));
        }
        self.y += f64::from(STRIP);
    }

    fn name(&mut self, name: &str, y: f64) {
        let _ = write!(self.svg, "<text x=\"{EDGE}\" y=\"{y:.1}\">{}</text>", Escaped(name));
    }

    /// What the picture says, and what its colours mean.
    fn words(&mut self, timeline: &Timeline, layout: &Layout) {
        let left = self.left;
        let sentence = timeline.sentence();
        let note = hides_work(layout).then(|| too_short(timeline) + ".");
        let race = timeline.meaning_of_a_race();
        let race = race.map(|race| race.replacen(". ", ".\n", 1));
        let lines = layout.more.as_deref().into_iter().chain(sentence.lines());
        let lines = lines.chain(note.as_deref()).chain(race.iter().flat_map(|race| race.lines()));
        for line in lines {
            self.y += LINE;
            let line = Escaped(line);
            let _ = write!(self.svg, "<text x=\"{left:.1}\" y=\"{:.0}\">{line}</text>", self.y);
        }
        self.y += LINE;
        self.legend(timeline, layout);
    }

    /// What the bars mean, in lines of samples and words.
    fn legend(&mut self, timeline: &Timeline, layout: &Layout) {
        let (job, states) = (timeline.job, states(timeline, layout).into_iter());
        let mut entries: Vec<(&str, String)> =
            states.map(|state| (sample(state, job), state.meaning(job))).collect();
        entries.push(("<path class=\"cores\" d=\"M0 6H16\"/>", "cores".into()));
        let mut x = self.left;
        for (sample, meaning) in entries {
            let length = 22.0 + LETTER * meaning.len() as f64;
            if x + length > WIDTH - EDGE {
                x = self.left;
                self.y += LINE;
            }
            let _ = write!(
                self.svg,
                "<g transform=\"translate({x:.1} {:.0})\">{sample}<text x=\"22\" y=\"11\">\
                 {meaning}</text></g>",
                self.y - 11.0
            );
            x += length + 18.0;
        }
    }
}

/// What a state looks like, 16 pixels wide and 12 high.
fn sample(state: State, job: Job) -> &'static str {
    match state {
        State::Works => "<rect class=\"work\" width=\"16\" height=\"12\"/>",
        State::PartlyWorks => {
            "<rect class=\"wait-ground\" width=\"16\" height=\"12\"/>\
             <rect class=\"work\" y=\"6\" width=\"16\" height=\"6\"/>"
        }
        State::Waits if job == Job::Download => {
            "<rect class=\"wait-ground\" width=\"16\" height=\"12\"/><path \
             class=\"wait-hatch\" d=\"M0 2.25H16M0 6.25H16M0 10.25H16\"/>"
        }
        State::Waits => {
            "<rect class=\"wait-ground\" width=\"16\" height=\"12\"/><path \
             class=\"wait-hatch\" d=\"M0 6L6 0M0 12L12 0M6 12L16 2M12 12L16 8\"/>"
        }
        State::Idle => "<path class=\"idle\" d=\"M0 5h2v2h-2zM7 5h2v2h-2zM14 5h2v2h-2z\"/>",
        State::Speck => "<path class=\"specks\" d=\"M8 0v12\"/>",
        State::Fails => "<path class=\"fail\" d=\"M2 0L14 12M2 12L14 0\"/>",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::run::tests::{downloads, ms, one_each};

    /// The places of what is written in a drawing, from its left edge.
    fn places(svg: &str) -> Vec<f64> {
        let places = svg.split("<text").skip(1).map(|text| text.split_once(" x=\"").expect("x").1);
        places.filter_map(|text| text.split('"').next()?.parse().ok()).collect()
    }

    #[test]
    fn the_drawing_says_its_total_and_no_number_is_cut_off() {
        let mut run = downloads(2, 10);
        let svg = document(&run);
        assert!(svg.contains(">downloads: 0.900 s</text>"), "{svg}");
        assert!(svg.contains(">900</text>"), "{svg}");
        assert!(places(&svg).iter().all(|place| *place <= WIDTH - EDGE), "{svg}");
        for (word, occurs) in
            [("nothing to do", false), ("fails", false), ("waits", true), ("cores", true)]
        {
            assert_eq!(svg.contains(&format!(">{word}")), occurs, "{word}: {svg}");
        }
        run.lanes[0].items[3].failure = Some("status 500".into());
        run.lanes[1].items.truncate(5);
        let svg = document(&run);
        for word in ["nothing to do", "fails"] {
            assert!(svg.contains(&format!(">{word}</text>")), "{word}: {svg}");
        }
    }

    #[test]
    fn a_long_legend_takes_another_line() {
        let items: Vec<_> = (0..30).map(|at| (3_000 * at, 3_000 * at + 90)).collect();
        let run = Timeline { job: Job::Race, duration: ms(100_000), ..one_each(&items) };
        let legend = document(&run);
        let legend = &legend[legend.find(">works: ").expect("it works")..];
        let moves = legend.split("translate(").skip(1);
        let places: Vec<f64> =
            moves.filter_map(|text| text.split(' ').next()?.parse().ok()).collect();
        assert!(places.windows(2).any(|pair| pair[1] < pair[0]), "{legend}");
    }
}
