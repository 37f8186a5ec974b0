// The pictures of the README and the guide, of a small Help Center: the page that reviews a plan, and an article in the
// preview. See `run`.
import { execFileSync, spawn } from "node:child_process";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { pathToFileURL } from "node:url";

// Where each picture is, below the guide.
const PLACES = {
  "preview-article": "writing/images",
  "preview-difference": "writing/images",
  "preview-finding": "writing/images",
  "preview-home": "writing/images",
  "review-page": "publishing/images",
};

export function place(guide, name) {
  return path.join(guide, PLACES[name], `${name}.png`);
}

const REFUNDS = `---
title: Refund a customer
description: How to give money back, and when it arrives
---

You can refund a payment for 60 days after the customer paid. Only owners and admins see the button.

## Refund a payment

1. Open **Billing**, then the invoice.
2. Choose **Refund**, and type how much.
3. Write a reason. The customer reads it in the receipt.

> [!TIP]
> Refund a part of the amount for a part of the order.

## When the money arrives

| the customer paid by | it takes |
|---|---|
| card | 10 days |
| bank transfer | 3 days |
| voucher | no time at all |

## If the button is grey

The payment is older than 60 days, or was refunded before. Send the money by bank transfer, and note it on the invoice.
`;

const AFTER = REFUNDS.replace("for 60 days after the customer paid", "for 90 days after the customer paid")
  .replace("| card | 10 days |", "| card | 5 days |")
  .replace("> [!TIP]\n> Refund a part of the amount for a part of the order.\n", "> [!WARNING]\n> A refund cannot be taken back.\n")
  .replace("older than 60 days", "older than 90 days");

const OTHERS = {
  "billing/_index.md": "---\ntitle: Billing\ndescription: Invoices, payments and refunds\n---\n",
  "billing/invoices.md": "# Invoices\n\nAll invoices are listed under **Billing**.\n",
  "getting-started/_index.md": "---\ntitle: Getting started\ndescription: The first day\n---\n",
  "getting-started/install.md": "# Install the app\n\nOpen the store on your phone and look for **Acme**.\n",
};

function write(folder, files) {
  for (const [name, text] of Object.entries(files)) {
    const file = path.join(folder, name);
    fs.mkdirSync(path.dirname(file), { recursive: true });
    fs.writeFileSync(file, text);
  }
}

export async function pictures(browser, { helpbook, guide }) {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), "helpbook-pictures-"));
  // The preview is called as the folder.
  const project = path.join(folder, "Acme Help");
  write(project, { "helpbook.yml": "docs: docs\nstate: published\n" });
  const docs = path.join(project, "docs");
  write(docs, { ...OTHERS, "billing/refunds.md": REFUNDS });
  const run = (...words) => execFileSync(helpbook, ["-C", project, "--local", ...words], { stdio: "ignore" });
  run("apply", "--publish", "--yes");
  write(docs, {
    "billing/refunds.md": AFTER,
    "billing/vouchers.md": "# Give a voucher\n\nChoose **Vouchers**, then **New**.\n",
    "getting-started/install.md": OTHERS["getting-started/install.md"].replace("look for", "search for"),
  });
  run("plan", "--report", "plan.html");
  const page = await browser.newPage();
  await page.emulateMediaFeatures([{ name: "prefers-color-scheme", value: "light" }]);
  try {
    await page.setViewport({ width: 1060, height: 860 });
    await page.goto(pathToFileURL(path.join(project, "plan.html")).href);
    await page.screenshot({ path: place(guide, "review-page") });
    const preview = spawn(helpbook, ["-C", project, "preview", "--offline", "--port", "0"], { stdio: ["ignore", "pipe", "ignore"] });
    try {
      const top = await new Promise((found) => preview.stdout.once("data", (data) => found(String(data).trim())));
      await page.setViewport({ width: 1060, height: 860 });
      await page.goto(`${top}en/articles/billing/refunds.html`);
      await page.screenshot({ path: place(guide, "preview-article") });
    } finally {
      preview.kill();
    }
  } finally {
    await page.close();
    fs.rmSync(folder, { recursive: true });
  }
}
