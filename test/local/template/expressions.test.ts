import { referencesOf, resolve } from "../../../local/template/expressions";

const values: Record<string, unknown> = {
  "aws_s3_bucket.images.arn": "arn:aws:s3:::photos",
  "data.aws_caller_identity.current.account_id": "111122223333",
  "var.size": 150,
};
const lookup = ({ address, attribute }: { address: string; attribute?: string }) =>
  values[attribute === undefined ? address : `${address}.${attribute}`];

describe("Terraform expressions", () => {
  it.each([
    ["a text without references", "plain", "plain"],
    ["a reference to a resource", "${aws_s3_bucket.images.arn}", "arn:aws:s3:::photos"],
    ["a reference inside a text", "${aws_s3_bucket.images.arn}/original/*", "arn:aws:s3:::photos/original/*"],
    ["a data source", "images-${data.aws_caller_identity.current.account_id}", "images-111122223333"],
    ["a reference alone keeps its type", "${var.size}", 150],
    ["an escaped template stays text", "$${aws:username}", "${aws:username}"],
    ["lists and objects, however deep", [{ a: ["${var.size}"] }], [{ a: [150] }]],
  ])("resolve %s", (_what, given, expected) => {
    expect(resolve(given, lookup)).toEqual(expected);
  });

  it.each(["${jsonencode(var.size)}", "${aws_s3_bucket.images}", "${aws_s3_bucket.images[0].arn}", "${1 + 1}"])(
    "refuse %s by name",
    (expression) => {
      expect(() => resolve(expression, lookup)).toThrow(`The expression ${expression} is not known`);
    },
  );

  it("are found wherever they stand, except escaped ones", () => {
    const found = referencesOf({ a: "${aws_s3_bucket.images.arn}", b: ["x ${var.size}", "$${var.not}"] });
    expect(found).toEqual([{ address: "aws_s3_bucket.images", attribute: "arn" }, { address: "var.size" }]);
  });
});
