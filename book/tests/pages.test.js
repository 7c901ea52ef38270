// Tests the pages of the guide in a real browser. They load, send no request to another machine,
// fit on small and large screens, and can be used by keyboard and screen reader.

import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { createServer } from "node:http";
import { readFile, readdir } from "node:fs/promises";
import { createRequire } from "node:module";
import { extname, join, normalize, relative } from "node:path";
import { after, before, test } from "node:test";
import { fileURLToPath } from "node:url";
import { chromium } from "playwright-core";

const book = fileURLToPath(new URL("../../target/book", import.meta.url));
const axe = createRequire(import.meta.url).resolve("axe-core/axe.min.js");

const types = {
  ".css": "text/css",
  ".html": "text/html",
  ".js": "text/javascript",
  ".svg": "image/svg+xml",
};

let server, browser, origin, pages;

before(async () => {
  server = createServer(async (request, response) => {
    const path = decodeURIComponent(new URL(request.url, "http://localhost").pathname);
    // Browsers ask for this if a page names no icon, as the page of the benches.
    if (path === "/favicon.ico") {
      response.writeHead(204).end();
      return;
    }
    try {
      const content = await readFile(join(book, normalize(path)));
      response.writeHead(200, { "content-type": types[extname(path)] ?? "application/octet-stream" });
      response.end(content);
    } catch {
      response.writeHead(404).end();
    }
  });
  await new Promise((listening) => server.listen(0, "127.0.0.1", listening));
  origin = `http://127.0.0.1:${server.address().port}`;
  // Chromium's sandbox does not work for root in a container.
  browser = await chromium.launch({ executablePath: installed(), args: ["--no-sandbox"] });
  const files = await readdir(book, { recursive: true });
  // print.html holds all pages at once, toc.html is for browsers without scripts, 404.html
  // replaces a missing page, and costs.html is the page of the benches.
  const others = ["print.html", "toc.html", "404.html", "costs.html"];
  pages = files.filter((file) => file.endsWith(".html") && !others.includes(file));
  assert.ok(pages.length >= 12, `${pages}`);
});

after(async () => {
  await browser?.close();
  server?.close();
});

/** The browser of the system: $CHROMIUM, or the first one in PATH. */
function installed() {
  const names = ["chromium", "chromium-browser", "google-chrome"];
  const find = names.map((name) => `command -v ${name}`).join(" || ");
  return process.env.CHROMIUM ?? execFileSync("sh", ["-c", find], { encoding: "utf8" }).trim();
}

/** A page in its own browser window, and the problems while it loaded. */
async function open(path, { width = 1280, scheme = "light" } = {}) {
  const context = await browser.newContext({
    viewport: { width, height: 900 },
    colorScheme: scheme,
  });
  const page = await context.newPage();
  const problems = [];
  page.on("console", (message) => {
    if (["error", "warning"].includes(message.type())) problems.push(message.text());
  });
  page.on("pageerror", (error) => problems.push(`${error}`));
  page.on("request", (request) => {
    const { protocol } = new URL(request.url());
    const isHere = request.url().startsWith(`${origin}/`) || ["data:", "blob:"].includes(protocol);
    if (!isHere) problems.push(`leaves the machine: ${request.url()}`);
  });
  page.on("response", (response) => {
    if (response.status() >= 400) problems.push(`${response.status()}: ${response.url()}`);
  });
  await page.goto(`${origin}/${path}`, { waitUntil: "networkidle" });
  return { page, problems, close: () => context.close() };
}

test("every page loads without an error and needs nothing from elsewhere", async () => {
  for (const path of pages) {
    const { problems, close } = await open(path);
    assert.deepEqual(problems, [], path);
    await close();
  }
});

test("every link and every anchor leads somewhere", async () => {
  const targets = new Map();
  const links = [];
  for (const path of pages) {
    const { page, close } = await open(path);
    const ids = await page.$$eval("[id]", (elements) => elements.map((element) => element.id));
    targets.set(path, new Set(ids));
    const hrefs = await page.$$eval("a[href]", (anchors) => anchors.map((anchor) => anchor.href));
    links.push(...hrefs.map((href) => [path, href]));
    await close();
  }
  for (const [path, href] of links) {
    const url = new URL(href);
    if (url.origin !== origin) {
      assert.equal(url.protocol, "https:", `${path}: ${href}`);
      continue;
    }
    const target = decodeURIComponent(url.pathname.slice(1));
    if (target === "print.html") continue;
    assert.ok(targets.has(target), `${path}: ${href}`);
    if (url.hash) {
      const id = decodeURIComponent(url.hash.slice(1));
      assert.ok(targets.get(target).has(id), `${path}: ${href}`);
    }
  }
  assert.ok(links.length > 100);
});

test("every picture loads and has a text alternative", async () => {
  let count = 0;
  for (const path of pages) {
    const { page, close } = await open(path);
    const pictures = await page.$$eval("main img", (images) =>
      images.map(({ src, alt, naturalWidth }) => ({ src, alt, naturalWidth })),
    );
    for (const { src, alt, naturalWidth } of pictures) {
      assert.ok(naturalWidth > 0, `${path}: ${src}`);
      assert.ok(alt.length > 20, `${path}: ${src} has no text alternative`);
    }
    count += pictures.length;
    await close();
  }
  assert.ok(count >= 8, `${count}`);
});

test("a command in a console is not coloured like the keywords of a shell", async () => {
  const { page, close } = await open("waiting.html");
  const colours = await page.$$eval("code.language-console", (blocks) =>
    blocks.flatMap((block) =>
      [block, ...block.querySelectorAll("span")].map((part) => getComputedStyle(part).color),
    ),
  );
  assert.ok(colours.length > 5);
  assert.equal(new Set(colours).size, 1);
  await close();
});

test("text in a drawing is 12 px high or more, on a small screen too", async () => {
  for (const width of [360, 1280]) {
    const { page, close } = await open("safety.html", { width });
    const drawing = page.locator(`main img[src*="drawings/"]`).first();
    const { width: shown } = await drawing.boundingBox();
    const svg = await readFile(join(book, await drawing.getAttribute("src")), "utf8");
    const drawn = Number(svg.match(/viewBox="0 0 (\d+)/)[1]);
    const sizes = [...svg.matchAll(/font(?:-size)?: (\d+)px/g)].map(([, size]) => Number(size));
    assert.ok((Math.min(...sizes) * shown) / drawn >= 12, `${sizes} at ${shown} px`);
    await close();
  }
});

test("the search finds a word of a chapter", async () => {
  const { page, problems, close } = await open("start.html");
  await page.locator("#mdbook-search-toggle").click();
  await page.locator("#mdbook-searchbar").pressSequentially("zombie");
  const found = page.locator("#mdbook-searchresults a").first();
  await found.waitFor();
  assert.match(await found.getAttribute("href"), /\.html/);
  assert.deepEqual(problems, []);
  await close();
});

test("a button copies the code of a block", async () => {
  const { page, close } = await open("start.html");
  await page.context().grantPermissions(["clipboard-read", "clipboard-write"]);
  const block = page.locator("main pre").filter({ hasText: "cargo lab doctor" }).first();
  await block.hover();
  await block.locator(".clip-button").click();
  const copied = await page.evaluate(() => navigator.clipboard.readText());
  assert.match(copied, /cargo lab doctor/);
  await close();
});

test("one page for the printer holds all chapters", async () => {
  const { page, problems, close } = await open("print.html");
  const headings = await page.$$eval("main h1", (all) => all.map((heading) => heading.innerText));
  for (const heading of ["Start", "Wait for me", "Safety", "Memory", "For teachers"]) {
    assert.ok(headings.includes(heading), heading);
  }
  assert.deepEqual(problems, []);
  await close();
});

/** The serious findings of axe. */
async function barriers(page) {
  await page.addScriptTag({ path: axe });
  const { violations } = await page.evaluate(() => window.axe.run());
  return violations
    .filter(({ impact }) => ["serious", "critical"].includes(impact))
    .map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).slice(0, 5).join("\n")}`);
}

test("no page scrolls sideways, and axe finds nothing serious", async () => {
  for (const width of [360, 1280]) {
    for (const scheme of ["light", "dark"]) {
      for (const path of pages) {
        const { page, close } = await open(path, { width, scheme });
        const where = `${path}, ${width} px, ${scheme}`;
        const wide = await page.evaluate(() => document.documentElement.scrollWidth);
        assert.ok(wide <= width, `${where}: ${wide} px wide`);
        const isDark = await page.evaluate(() => document.documentElement.classList.contains("navy"));
        assert.equal(isDark, scheme === "dark", where);
        assert.deepEqual(await barriers(page), [], where);
        await close();
      }
    }
  }
});

test("the page of the benches fits, needs nothing from elsewhere, and axe finds nothing serious", async () => {
  for (const width of [360, 1280]) {
    for (const scheme of ["light", "dark"]) {
      const { page, problems, close } = await open("costs.html", { width, scheme });
      const where = `${width} px, ${scheme}`;
      assert.ok((await page.getByText("holds", { exact: true }).count()) >= 4, where);
      assert.ok((await page.locator("svg[role=img]").count()) >= 7, where);
      const wide = await page.evaluate(() => document.documentElement.scrollWidth);
      assert.ok(wide <= width, `${where}: ${wide} px wide`);
      const paper = await page.evaluate(() => getComputedStyle(document.body).backgroundColor);
      assert.equal(paper === "rgb(255, 255, 255)", scheme === "light", where);
      assert.deepEqual(await barriers(page), [], where);
      assert.deepEqual(problems, [], where);
      await close();
    }
  }
});

/** A page with a quiz, and the questions of the quiz with their answers. */
async function started(path, options) {
  const opened = await open(path, options);
  const quiz = opened.page.locator(".quiz-placeholder");
  const questions = JSON.parse(await quiz.getAttribute("data-quiz-questions")).questions;
  return { ...opened, quiz, questions };
}

test("a quiz can be answered by mouse, and explains wrong answers too", async () => {
  const { page, quiz, questions, problems, close } = await started("memory.html");
  await quiz.getByRole("button", { name: "Start" }).click();
  for (const { type, prompt } of questions) {
    if (type === "MultipleChoice") {
      await quiz.getByLabel(prompt.distractors[0], { exact: true }).click();
    } else {
      await quiz.getByRole("textbox").fill("a wrong answer");
    }
    assert.deepEqual(await barriers(page), []);
    await quiz.getByRole("button", { name: "Submit" }).click();
  }
  await quiz.getByText(`0/${questions.length}`).waitFor();
  await quiz.getByRole("button", { name: "see the correct answers" }).first().click();
  await showsExplanations(quiz, questions);
  assert.deepEqual(await barriers(page), []);
  assert.deepEqual(problems, []);
  await close();
});

test("a quiz can be answered by keyboard alone, and remembers the answers", async () => {
  const { page, quiz, questions, problems, close } = await started("memory.html", { scheme: "dark" });
  await tabTo(page, (element) => element.matches(".quiz-placeholder button"));
  await page.keyboard.press("Enter");
  for (const { type, answer } of questions) {
    await tabTo(page, (element) => element.matches(".quiz-placeholder input[name=answer]"));
    if (type === "MultipleChoice") {
      await page.keyboard.press("Space");
      for (let tries = 0; (await focused(page)) !== answer.answer; tries += 1) {
        assert.ok(tries < 10, answer.answer);
        await page.keyboard.press("ArrowDown");
      }
    } else {
      await page.keyboard.type(answer.answer);
    }
    await page.keyboard.press("Enter");
  }
  await quiz.getByText(`${questions.length}/${questions.length}`).waitFor();
  await showsExplanations(quiz, questions);
  assert.deepEqual(await barriers(page), []);

  await page.reload({ waitUntil: "networkidle" });
  await quiz.getByText(`${questions.length}/${questions.length}`).waitFor();
  assert.deepEqual(problems, []);
  await close();
});

/** The beginning of every question's explanation. */
async function showsExplanations(quiz, questions) {
  const text = await quiz.innerText();
  for (const { context } of questions) {
    const beginning = context.trim().split(/[`\n]/)[0].slice(0, 40);
    assert.ok(beginning.length > 5 && text.includes(beginning), beginning);
  }
}

/** Presses the tab key until the focus is on an element of this kind. */
async function tabTo(page, isMeant) {
  for (let presses = 0; presses < 300; presses += 1) {
    if (await page.evaluate(`(${isMeant})(document.activeElement)`)) return;
    await page.keyboard.press("Tab");
  }
  assert.fail(`no tab leads to ${isMeant}`);
}

function focused(page) {
  return page.evaluate(() => document.activeElement.value);
}
