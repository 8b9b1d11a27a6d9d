// Read {script, grids} and write what the page's script makes of each grid.
import { readFileSync } from "node:fs";

const { script, grids } = JSON.parse(readFileSync(0, "utf8"));
const steps = new Function(`${readFileSync(script, "utf8")}; return attentionSteps;`)();
console.log(JSON.stringify(grids.map(({ query, key, value }) => steps(query, key, value))));
