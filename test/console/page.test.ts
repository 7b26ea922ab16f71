// What of the page is words and addresses, without a browser.

import { sentenceOf } from "../../console/failure-sentences";
import { inWords } from "../../console/page/format";
import { addressOf, photoIn } from "../../console/page/photo-address";
import type { EventRecord } from "../../operations/failure-records";

test.each(["6f9619ff-8b86-d011-b42d-00c04fc964ff", "A1B2/C3 D4?#%"])("the address of photo %s names it", (id) => {
  expect(photoIn(addressOf(id))).toBe(id);
});

test.each([
  ["", undefined],
  ["#/photos/", undefined],
  ["#/photos/%E0%A4%A", undefined],
  ["#failures", null],
])("the hash %j is the newest photo's, or about no photo at all", (hash, photo) => {
  expect(photoIn(hash)).toBe(photo);
});

test.each([
  [{ succeeded: 2, superseded: 0, failed: 1 }, "2 succeeded, 1 failed"],
  [{ succeeded: 0 }, "nothing to do"],
])("%j is in words %s", (counts, words) => {
  expect(inWords(counts)).toBe(words);
});

test.each([
  ["UnknownProfile", undefined, 1, "There is no profile with the id that the upload names."],
  ["RetriesExhausted", 3, 1, "Lambda gave up on this photo after 3 tries."],
  ["RetryAttemptsExhausted", 1, 10, "Lambda gave up on these 10 photos after 1 try."],
  ["EventAgeExceeded", 2, 1, "Lambda gave up on this photo after too long a wait."],
  ["OfTomorrow", undefined, 1, "This photo could not be processed."],
])("%s after %s tries, with %i events, is said in a sentence", (code, tries, count, sentence) => {
  const events = Array.from({ length: count }, () => ({ record: {} as EventRecord }));
  const record = { failureKey: "", eTag: "", when: "", functionName: "", reason: { code, message: "" }, tries, events };
  expect(sentenceOf(record)).toBe(sentence);
});
