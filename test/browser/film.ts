// Films the page as an animated WebP: what the browser shows while a hand that can be seen does something.

import type { CDPSession, Locator, Page } from "playwright-core";
import sharp from "sharp";

/** Between two pictures of the film at least; the browser sends one for each change. */
const FRAME_MS = 60;
/** What a computer alone waits for is cut short. */
const LONGEST_MS = 900;
/** How long the end can be looked at before it begins again. */
const REST_MS = 3_000;

interface Frame {
  readonly png: Buffer;
  /** ms of the film */
  readonly at: number;
}

/**
 * Does something, and returns what could be seen of it.
 * @param pace below 1 what moves goes slower while it is filmed, and the film runs as much faster: a busy machine shows few
 * pictures a second
 */
export async function film(page: Page, pace: number, act: () => Promise<void>): Promise<Buffer> {
  const session = await page.context().newCDPSession(page);
  const frames: Frame[] = [];
  session.on("Page.screencastFrame", ({ data, metadata, sessionId }) => {
    const at = (metadata.timestamp ?? 0) * 1000 * pace;
    const [before, last] = frames.slice(-2);
    // The newest of a span stands for all of it.
    if (before !== undefined && last !== undefined && last.at - before.at < FRAME_MS) frames.pop();
    if (last === undefined || at > last.at) frames.push({ png: Buffer.from(data, "base64"), at });
    void acknowledge(session, sessionId);
  });
  await session.send("Animation.enable");
  await session.send("Animation.setPlaybackRate", { playbackRate: pace });
  await session.send("Page.startScreencast", { format: "png" });
  await act();
  await session.send("Page.stopScreencast");
  await session.detach();
  return animate(frames);
}

/** The last one may come when the film is over. */
const acknowledge = (session: CDPSession, sessionId: number) =>
  session.send("Page.screencastFrameAck", { sessionId }).catch(() => {});

function animate(frames: readonly Frame[]): Promise<Buffer> {
  const delay = frames.map(({ at }, index) => {
    const next = frames[index + 1];
    return next === undefined ? REST_MS : Math.min(Math.round(next.at - at), LONGEST_MS);
  });
  return sharp(
    frames.map(({ png }) => png),
    { join: { animated: true } },
  )
    .webp({ quality: 75, effort: 5, mixed: true, loop: 0, delay })
    .toBuffer();
}

/** A pointer in the page, which goes where something is done. */
export interface Hand {
  /** Goes there, as slowly as a hand, and shows what it carries. */
  reach(target: Locator, carried?: string): Promise<void>;
  click(target: Locator): Promise<void>;
}

const ARROW = "M1 1v19l5-5 3 8 4-2-3-7h7z";
const STYLE = "position: fixed; left: 0; top: 0; z-index: 99; pointer-events: none; transform: translate(70vw, 70vh);";
const LABEL_STYLE =
  "font: 13px sans-serif; padding: 2px 8px; border-radius: 9px; background: #2f5d62; color: #fff; position: absolute; left: 22px; top: 18px;";

export async function showHand(page: Page): Promise<Hand> {
  await page.evaluate(
    ([arrow, style, labelStyle]) => {
      const hand = document.createElement("div");
      hand.id = "hand";
      hand.innerHTML = `<svg viewBox="0 0 20 26" width="22"><path d="${arrow}" fill="#111" stroke="#fff" /></svg><span hidden></span>`;
      hand.style.cssText = style ?? "";
      (hand.lastElementChild as HTMLElement).style.cssText = labelStyle ?? "";
      document.body.append(hand);
    },
    [ARROW, STYLE, LABEL_STYLE],
  );

  async function reach(target: Locator, carried = ""): Promise<void> {
    const box = await target.boundingBox();
    if (box === null) throw new Error("What is to be reached cannot be seen");
    await page.evaluate(
      async ({ x, y, carried }) => {
        const hand = document.querySelector("#hand") as HTMLElement;
        const label = hand.lastElementChild as HTMLElement;
        label.textContent = carried;
        label.hidden = carried === "";
        const to = { transform: `translate(${x}px, ${y}px)` };
        await hand.animate([{ transform: hand.style.transform }, to], { duration: 600, easing: "ease-in-out" })
          .finished;
        Object.assign(hand.style, to);
        label.hidden = true;
      },
      { x: box.x + box.width / 2, y: box.y + box.height / 2, carried },
    );
  }
  return {
    reach,
    async click(target) {
      await reach(target);
      await target.click();
    },
  };
}
