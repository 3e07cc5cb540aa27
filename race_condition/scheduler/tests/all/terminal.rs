//! Plays in a real terminal, with real key presses.

use std::io::Write;
use std::process::{self, Command, Output};

use testing::Folder;
use testing::wait_until;

const PROGRAM: &str = env!("CARGO_BIN_EXE_scheduler");

/// A terminal of 80 x 24 in which a shell runs, in a server of its own that ends with the test.
struct Tmux {
    server: String,
    folder: Folder,
}

impl Tmux {
    /// Starts a shell; nothing if there is no tmux here, which is said.
    fn start(test: &str) -> Option<Self> {
        if let Err(error) = Command::new("tmux").arg("-V").output() {
            // Not `println!`, whose lines cargo keeps to itself when a test passes.
            let line = format!("skipped: {test} needs tmux ({error})\n");
            let _ = std::io::stderr().write_all(line.as_bytes());
            return None;
        }
        let server = format!("scheduler-{test}-{}", process::id());
        let tmux = Self { server, folder: Folder::new(test) };
        tmux.run(&["new-session", "-d", "-x", "80", "-y", "24", "env PS1='ready> ' sh"]);
        tmux.wait_for("ready>");
        Some(tmux)
    }

    fn output(&self, arguments: &[&str]) -> std::io::Result<Output> {
        Command::new("tmux")
            .args(["-u", "-f", "/dev/null", "-L", &self.server])
            .args(arguments)
            .env("TMUX_TMPDIR", self.folder.path())
            .env_remove("TMUX")
            .env_remove("ENV")
            .output()
    }

    /// Runs a command of tmux and returns what it prints.
    #[track_caller]
    fn run(&self, arguments: &[&str]) -> String {
        let output = self.output(arguments).expect("tmux has been started before");
        let error = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "tmux {arguments:?}: {error}");
        String::from_utf8_lossy(&output.stdout).into_owned()
    }

    /// Types characters as they are.
    #[track_caller]
    fn type_keys(&self, keys: &str) {
        self.run(&["send-keys", "-l", keys]);
    }

    /// Types a line at the shell's prompt.
    #[track_caller]
    fn type_line(&self, line: &str) {
        self.type_keys(line);
        self.run(&["send-keys", "Enter"]);
    }

    /// Starts the game with this line of the shell.
    #[track_caller]
    fn start_game(&self, line: &str) {
        self.type_line(line);
        self.wait_for("q quit");
        assert!(self.is_in_alternate_screen());
    }

    #[track_caller]
    fn wait_for(&self, text: &str) {
        let screen = || self.run(&["capture-pane", "-p"]);
        wait_until(&format!("{text:?} on the screen"), || screen().contains(text));
    }

    /// Whether a program has the whole screen, over what the shell has left there.
    fn is_in_alternate_screen(&self) -> bool {
        self.run(&["display-message", "-p", "#{alternate_on}"]).trim() == "1"
    }

    /// Checks that the shell is back, with this exit status, and shows what one types.
    #[track_caller]
    fn check_shell_is_back(&self, status: &str) {
        wait_until("the shell's own screen", || !self.is_in_alternate_screen());
        // The line may be there before the prompt, so what it prints begins with a line of its own.
        self.type_line("status=$?; echo; echo status-$status");
        self.wait_for(&format!("\nstatus-{status}\nready>"));
        // What was typed is seen as it was typed, before the shell has made something of it.
        self.type_keys("echo it 'ec''hoes'");
        self.wait_for("ready> echo it 'ec''hoes'");
        self.run(&["send-keys", "Enter"]);
        self.wait_for("\nit echoes\nready>");
        self.type_line("stty -a | tr ' ;' '\\n\\n' | grep -cx -e icanon -e echo -e isig -e opost");
        self.wait_for("\n4\n");
    }
}

impl Drop for Tmux {
    fn drop(&mut self) {
        let _ = self.output(&["kill-server"]);
    }
}

#[test]
fn a_class_wins_a_level_and_makes_a_false_claim() {
    let Some(tmux) = Tmux::start("plays") else { return };
    tmux.start_game(PROGRAM);
    tmux.wait_for("Goal: Make two increments give 1.");
    tmux.type_keys("o1");
    tmux.wait_for("Thread 1 loads the counter: its register is now 0.");
    tmux.type_keys("111");
    tmux.wait_for("No: Thread 1 has finished and has no step left.");
    tmux.type_keys("uu21212");
    tmux.wait_for("Passed! The counter ended at 1.");
    tmux.type_keys("nnnnnnnn");
    tmux.wait_for("Level 9 of 12");
    tmux.wait_for("Passed 1");
    tmux.type_keys("i");
    tmux.wait_for("Impossible? i again");
    tmux.type_keys("i");
    // It is played by itself, step by step.
    tmux.wait_for("It can be done. This is an order that does it:");
    tmux.wait_for("Thread 1 finds 100: enough, so it goes on.");
    tmux.wait_for("So it can be done. The balance ended at -20.");
    tmux.type_keys("r1221");
    tmux.wait_for("Passed! The balance ended at -20.");
    tmux.type_keys("q");
    tmux.wait_for("What you have passed, to be seen again:");
    for replay in ["1:121212", "9:1221"] {
        tmux.wait_for(&format!("cargo run -p scheduler -- --replay {replay}\n"));
    }
    tmux.wait_for("   3  │ out of date       take   balance = 40");
    tmux.check_shell_is_back("0");
}

#[test]
fn whatever_ends_the_game_leaves_the_shell_its_terminal() {
    let Some(tmux) = Tmux::start("ends") else { return };
    tmux.start_game(&format!("'{PROGRAM}' --level 5"));
    tmux.wait_for("Level 5 of 12");
    tmux.run(&["send-keys", "C-c"]);
    tmux.check_shell_is_back("130");
    let file = tmux.folder.file("process");
    for signal in ["TERM", "HUP", "QUIT"] {
        tmux.start_game(&format!("clear; sh -c 'echo $$ > {file}; exec {PROGRAM}'"));
        testing::signal(signal, game(&file));
        tmux.check_shell_is_back("130");
    }
    // A terminal that is closed takes the game with it.
    tmux.start_game(&format!("clear; sh -c 'echo $$ > {file}; exec {PROGRAM}'"));
    tmux.run(&["kill-server"]);
    let game = game(&file);
    wait_until("the end of the game", || !testing::lives(game));
}

/// The number of the process of a game, from the file that a shell has written.
#[track_caller]
fn game(file: &str) -> u32 {
    let number = std::fs::read_to_string(file).expect("the shell has written it");
    number.trim().parse().expect("a number")
}

#[test]
fn after_a_stop_the_game_goes_on() {
    let Some(tmux) = Tmux::start("stop") else { return };
    let file = tmux.folder.file("process");
    tmux.start_game(&format!("sh -c 'echo $$ > {file}; exec {PROGRAM}'"));
    tmux.type_keys("o1");
    tmux.wait_for("Level 1, steps so far: 1");
    testing::signal("STOP", game(&file));
    tmux.wait_for("ready>");
    // This shell leaves the terminal as the game had it, in which Enter ends no line.
    tmux.type_keys("fg");
    tmux.run(&["send-keys", "C-j"]);
    tmux.wait_for("Goal: Make two increments give 1.");
    wait_until("a whole screen", || !tmux.run(&["capture-pane", "-p"]).contains("ready>"));
    tmux.type_keys("2");
    tmux.wait_for("Level 1, steps so far: 12\n");
    tmux.type_keys("qq");
    tmux.check_shell_is_back("0");
}

#[test]
fn a_step_that_nobody_can_see_is_not_taken() {
    let Some(tmux) = Tmux::start("small") else { return };
    tmux.start_game(PROGRAM);
    tmux.type_keys("o1");
    tmux.wait_for("Level 1, steps so far: 1");
    tmux.run(&["resize-window", "-x", "60", "-y", "20"]);
    tmux.wait_for("This needs a terminal of 80 x 24; this one has 60 x 20.");
    tmux.type_keys("2");
    tmux.run(&["resize-window", "-x", "80", "-y", "24"]);
    tmux.wait_for("Level 1, steps so far: 1\n");
    tmux.type_keys("q");
    tmux.wait_for("Leave? q again: yes, and these steps are lost.");
    tmux.type_keys("q");
    tmux.check_shell_is_back("0");
}

#[test]
fn no_color_is_honoured() {
    let Some(tmux) = Tmux::start("no-color") else { return };
    // A dumb terminal is none for the game.
    tmux.type_line(&format!("TERM=dumb '{PROGRAM}'"));
    tmux.wait_for("--replay 1:121212");
    for (setting, is_coloured) in [("", true), ("NO_COLOR=1", false)] {
        tmux.start_game(&format!("{setting} '{PROGRAM}' --level 5"));
        tmux.type_keys("12");
        tmux.wait_for("No: Thread 2 must wait");
        let screen = tmux.run(&["capture-pane", "-p", "-e"]);
        // Red, the second of the 256 colours.
        let red = screen.contains("38;5;1m") || screen.contains("[31m");
        assert_eq!(red, is_coloured, "{setting}");
        tmux.type_keys("qq");
        wait_until("the shell's own screen", || !tmux.is_in_alternate_screen());
    }
}
