// Read {gift}, questions in Moodle's plain-text format, by gift-pegjs, and write what it understood.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";

const { modules, gift } = JSON.parse(readFileSync(0, "utf8"));
const { parse } = createRequire(`${modules}/`)("gift-pegjs");
console.log(JSON.stringify(parse(gift)));
