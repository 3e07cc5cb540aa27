//! The numbers of today's edition of the article.

use testing::{check_wrong_usage, example, run};

#[test]
fn all_results_are_the_number() {
    let program = example("fib_threads");
    run(&program, &["20"]).well().assert_line("20 of 20 results are 6,765");
    check_wrong_usage(&program, &["51"], &["'51'", "0 to 50"]);
    check_wrong_usage(&program, &["many"], &["'many'", "0 to 50"]);
}
