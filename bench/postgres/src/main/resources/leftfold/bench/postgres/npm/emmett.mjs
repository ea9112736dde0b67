// SPDX-License-Identifier: Apache-2.0
// The loops of the workload over Emmett's event store; EmmettPeer.java has the other end of standard input and output.
// A request is one line of words. So is its answer: "ok" and numbers, or "failed" and why. Times are in nanoseconds.
import { createInterface } from 'node:readline';
import { randomUUID } from 'node:crypto';
import { dumbo } from '@event-driven-io/dumbo';
import pg from 'pg';
import { getPostgreSQLEventStore, readMessagesBatch } from '@event-driven-io/emmett-postgresql';

const [url, connectionsMax] = process.argv.slice(2);
const TYPE = 'Deposited';
const DATA_BYTES = 200;
const STREAM_EVENTS = 100; // in each stream of a log that is to be read
const BATCH = 100;
const PAGE = 10_000; // its query sorts the whole table for each page

const pool = new pg.Pool({ connectionString: url, max: Number(connectionsMax) });
const database = dumbo({ connectionString: url, pool });
const store = getPostgreSQLEventStore(url, { connectionOptions: { dumbo: database } });
const letters = 'abcdefghijklmnopqrstuvwxyz'.repeat(10);
const frameBytes = JSON.stringify({ amount: '', reference: randomUUID(), text: '' }).length - '""'.length;
let made = 0;
let load;

function data() {
  const amount = ++made % 10_000;
  const from = made % 26;
  const text = letters.slice(from, from + DATA_BYTES - frameBytes - String(amount).length);
  return { amount, reference: randomUUID(), text };
}

const name = (stream) => `account-${stream}`;
const random = (below) => Math.floor(Math.random() * below);

/** Takes up as many writers, each with streams of its own; they go on where they were. */
function writers([count, events, firstStream, streams]) {
  load = Array.from({ length: count }, (_, i) => ({
    events,
    firstStream: firstStream + i * streams,
    versions: new Uint32Array(streams),
  }));
  return [];
}

async function write(writer, end, latencies) {
  let before = process.hrtime.bigint();
  while (before < end) {
    const ordinal = random(writer.versions.length);
    const expected = writer.versions[ordinal];
    const events = Array.from({ length: writer.events }, () => ({ type: TYPE, data: data() }));
    await store.appendToStream(name(writer.firstStream + ordinal), events, { expectedStreamVersion: BigInt(expected) });
    writer.versions[ordinal] += writer.events;
    const after = process.hrtime.bigint();
    latencies.push(after - before);
    before = after;
  }
}

/** Appends for a while; answers with how many events, how long, and how long each append took. */
async function run([nanos]) {
  const start = process.hrtime.bigint();
  const latencies = [];
  await Promise.all(load.map((writer) => write(writer, start + BigInt(nanos), latencies)));
  return [latencies.length * load[0].events, process.hrtime.bigint() - start, ...latencies];
}

/** Makes the log that is to be read, which is not measured: its function, many times in one statement. */
async function fill([streams]) {
  for (let version = 0; version < STREAM_EVENTS; version++) {
    for (let from = 0; from < streams; from += BATCH) {
      const ordinals = Array.from({ length: BATCH }, (_, i) => from + i);
      await pool.query(
        `SELECT count(done.success) FROM unnest($1::text[], $2::text[], $3::jsonb[]) AS one (id, stream, data),
           LATERAL emt_append_to_stream(ARRAY[id], ARRAY[data], ARRAY['{}'::jsonb], ARRAY['1'], ARRAY['${TYPE}'],
             ARRAY['E'], stream, 'account', $4, 'emt:default') AS done`,
        [ordinals.map(() => randomUUID()), ordinals.map(name), ordinals.map(() => JSON.stringify(data())), version],
      );
    }
  }
  return [];
}

/** Reads every event in pages, with the query of its consumers. */
async function scan() {
  let events = 0;
  let after = -1n;
  for (;;) {
    const page = await readMessagesBatch(database.execute, { after, batchSize: PAGE });
    events += page.messages.filter((message) => message.data.text.length > 0).length;
    after = page.currentGlobalPosition;
    if (!page.areMessagesLeft) return [events];
  }
}

/** Reads streams at random; answers with how many events, how long, and how long each read took. */
async function streams([among, reads]) {
  const start = process.hrtime.bigint();
  const latencies = [];
  let before = start;
  for (let i = 0; i < reads; i++) {
    const { events } = await store.readStream(name(random(among)));
    const found = events.filter((event) => event.data.text.length > 0).length;
    if (found !== STREAM_EVENTS) throw new Error(`a stream of ${STREAM_EVENTS} events had ${found}`);
    const after = process.hrtime.bigint();
    latencies.push(after - before);
    before = after;
  }
  return [reads * STREAM_EVENTS, before - start, ...latencies];
}

const requests = { migrate: () => store.schema.migrate().then(() => []), writers, run, fill, scan, streams };

for await (const line of createInterface({ input: process.stdin })) {
  const [request, ...words] = line.split(' ');
  try {
    console.log(['ok', ...(await requests[request](words.map(Number)))].join(' '));
  } catch (error) {
    console.log(`failed ${String(error).split('\n')[0]}`);
  }
}
await store.close();
await pool.end();
