import { applyOrder } from "../../../local/template/order";
import type { Block } from "../../../local/template/read-stack";

const block = (address: string, body: Record<string, unknown> = {}): Block => ({
  address,
  type: address.split(".")[0] ?? "",
  body,
  lifecycle: {},
});
const ordered = (blocks: Block[]) => applyOrder(blocks).map(({ address }) => address);

describe("the order in which resources are applied", () => {
  it("puts what is referred to first", () => {
    expect(ordered([block("a.one", { x: "${b.two.arn}" }), block("b.two")])).toEqual(["b.two", "a.one"]);
  });

  it("puts what depends_on names first", () => {
    expect(ordered([block("a.one", { depends_on: ["b.two"] }), block("b.two")])).toEqual(["b.two", "a.one"]);
  });

  it("applies permissions and role policies last unless something waits for them", () => {
    const permission = block("aws_lambda_permission.s3");
    const forgetful = block("aws_s3_bucket_notification.images");
    const careful = block("aws_s3_bucket_notification.images", { depends_on: ["aws_lambda_permission.s3"] });
    expect(ordered([permission, forgetful])).toEqual([forgetful.address, permission.address]);
    expect(ordered([permission, careful])).toEqual([permission.address, careful.address]);
  });

  it("refuses a circle, and names its members", () => {
    const circle = [block("a.one", { x: "${b.two.arn}" }), block("b.two", { x: "${a.one.arn}" })];
    expect(() => applyOrder(circle)).toThrow("in a circle: a.one, b.two");
  });

  it("refuses a reference to what the stack does not have", () => {
    expect(() => applyOrder([block("a.one", { x: "${b.two.arn}" })])).toThrow("a.one refers to b.two");
  });
});
