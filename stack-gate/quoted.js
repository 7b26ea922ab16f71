// Whatever the gate has not made itself is printed so that it stays one word: in a job's log a line can be a command to the
// runner (`::error::`, `##[error]`), and in a comment backticks can end the block that the text is in.

/** All but printable ASCII, so that nothing turns the line round or breaks it; and what begins a command. */
const UNSAFE = /[^ -~]|`|:(?=:)|#(?=#)/gu;

/**
 * A value as JSON that holds no other character than plain ones.
 * @param {unknown} value
 * @returns {string}
 */
const quoted = (value) =>
  (JSON.stringify(value) ?? "undefined").replace(UNSAFE, (character) =>
    [...Array(character.length).keys()]
      .map((index) => `\\u${character.charCodeAt(index).toString(16).padStart(4, "0")}`)
      .join(""),
  );

module.exports = { quoted };
