// An S3-compatible server on 127.0.0.1 that checks signatures: node server.mjs FOLDER BUCKET
//
// The first line it prints is its port; then, a JSON object a line, each request that it answered. A line "hold N" on its
// standard input lets N more objects come and answers nothing from then on, "fail N" refuses the next N with 503,
// "release" ends both. It ends when its standard input does.

import { createRequire } from "node:module";
import { createServer } from "node:http";
import { createInterface } from "node:readline";

const require = createRequire(import.meta.url);
const S3rver = require("@20minutes/s3rver");
const account = require("@20minutes/s3rver/lib/models/account.js");

const [directory, bucket] = process.argv.slice(2);
account.DUMMY_ACCOUNT.createKeyPair("KEYOFTHETESTS", "the/secret+of+the+tests");
const s3 = new S3rver({
    directory,
    silent: true,
    allowMismatchedSignatures: false,
    configureBuckets: [{ name: bucket }],
});
await s3.configureBuckets();
const answer = s3.callback();

let [left, failures] = [Infinity, 0];
createInterface({ input: process.stdin })
    .on("line", (line) => {
        const [word, count] = line.split(" ");
        if (word === "hold") left = Number(count);
        if (word === "fail") failures = Number(count);
        if (word === "release") [left, failures] = [Infinity, 0];
        console.log(JSON.stringify({ done: line }));
    })
    .on("close", () => process.exit());

const server = createServer((request, response) => {
    const { method, url } = request;
    const tell = (status) => console.log(JSON.stringify({ method, url, status }));
    if (method === "PUT" && failures > 0) {
        failures -= 1;
        request.resume();
        tell(503);
        response.writeHead(503, { "Content-Type": "application/xml" });
        response.end("<Error><Code>SlowDown</Code><Message>Please reduce your request rate.</Message></Error>");
        return;
    }
    if (left <= 0) return;
    if (method === "PUT") left -= 1;
    response.on("finish", () => tell(response.statusCode));
    answer(request, response);
});
server.listen(0, "127.0.0.1", () => console.log(server.address().port));
