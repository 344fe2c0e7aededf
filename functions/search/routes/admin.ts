import { readFile, rm } from 'node:fs/promises';
import { Hono } from 'hono';
import { z } from 'zod';
import { passedOverSchema } from '../../../shared/catalog/passed-over.ts';
import { uploadName } from '../../../shared/catalog/upload-name.ts';
import { hasCode, SemblanceError } from '../../../shared/errors.ts';
import type { AnnotationChange } from '../../../shared/indexing/library.ts';
import { counted } from '../../../shared/progress.ts';
import { WORDS_TO_READ } from '../../../shared/search/words.ts';
import type { ApiEnv } from '../deps.ts';
import { sha1Text, text, truth } from '../fields.ts';
import { eachOf, idsField, outcomesSchema } from '../many.ts';
import { readMultipart } from '../multipart.ts';
import { discard, type ReceivedFile, receiveFile } from '../received-file.ts';
import { rejectMissing } from '../reject.ts';
import { errorCodeSchema } from '../responses.ts';
import { accept, defineRoute } from '../route.ts';
import { IMAGE_ERRORS, idParams, messageSchema } from '../schemas.ts';
import type { RouteTools } from '../tools.ts';
import { assertWebAddress, formatOf, uploadFields, uploadRecord } from '../upload-request.ts';
import { conflictResponse, expectedVersion } from '../versions.ts';

const admin = { access: 'admin' } as const;

const changeFields = {
  starred: truth().nullish(),
  categories: z.array(text()).nullish().describe('The whole list.'),
  add_categories: z.array(text()).nullish().describe('Beside those that it has, whoever set them.'),
  remove_categories: z.array(text()).nullish(),
  url: text().nullish(),
  thumbnail_url: text().nullish(),
  comments: text().nullish(),
};

const stageSchema = z.object({
  waiting: z.number(),
  seconds_left: z.number().nullable().describe('At the pace of this process; null while unknown.'),
});

const serverInfoSchema = z.object({
  message: z.string(),
  image_count: z.number(),
  index_queue_length: z
    .number()
    .describe('Images that wait, to be indexed or for their words; those in work left out.'),
  in_work: z.number(),
  pictures: stageSchema.describe('Images that wait to be indexed.'),
  words: z
    .object({
      ...stageSchema.shape,
      to_read: z
        .number()
        .nullable()
        .describe(
          'All images whose words were not read yet, or by an earlier version only, queued or not; null while OCR is off.',
        ),
    })
    .describe('Images whose words wait to be read; on AWS they are among the others.'),
  indexing_waits_for: z
    .object({ code: errorCodeSchema, message: z.string(), advice: z.string() })
    .nullable()
    .describe('Why indexing does not go on at the moment, where this process indexes; else null.'),
  passed_over: passedOverSchema.describe(
    'Files that are no images, as the last comparison with the store counted them.',
  ),
});

export const adminRoutes = {
  upload: defineRoute({
    ...admin,
    method: 'post',
    path: '/admin/upload',
    summary: 'Add an image; it is found once it is indexed',
    query: z.object(uploadFields),
    multipart: z.object({ image_file: z.file() }),
    response: z.object({ message: z.string(), image_id: z.uuid() }),
    errors: ['malformed_body', 'request_timeout', 'request_too_large', 'duplicate_image', ...IMAGE_ERRORS],
  }),
  duplicationValidate: defineRoute({
    ...admin,
    method: 'post',
    path: '/admin/duplication_validate',
    summary: 'Which files are stored already, by their SHA-1',
    json: z.object({ hashes: z.array(sha1Text()).min(1) }),
    response: z.object({
      message: z.string(),
      entity_ids: z.array(z.uuid().nullable()),
      exists: z.array(z.boolean()),
    }),
    errors: [],
  }),
  update: defineRoute({
    ...admin,
    method: 'put',
    path: '/admin/update_opt/:image_id',
    summary: 'Change the annotations of an image; null keeps a field',
    params: idParams,
    json: z.object({
      ...changeFields,
      version: text({ min: 1 })
        .nullish()
        .describe('Only where the image has this version; If-Match says the same. Else 412 with the image.'),
    }),
    response: z.object({ message: z.string(), version: z.string() }),
    errors: ['not_found', 'nothing_to_change', 'version_conflict', 'precondition_failed'],
  }),
  remove: defineRoute({
    ...admin,
    method: 'delete',
    path: '/admin/delete/:image_id',
    summary: 'Move an upload to the trash, from which it can be restored for 30 days',
    params: idParams,
    response: messageSchema,
    errors: ['not_found', 'not_an_upload'],
  }),
  serverInfo: defineRoute({
    ...admin,
    method: 'get',
    path: '/admin/server_info',
    summary: 'How many images there are, and how many wait',
    response: serverInfoSchema,
    errors: [],
  }),
  updateMany: defineRoute({
    ...admin,
    method: 'put',
    path: '/admin/images',
    summary: 'Change the annotations of many images',
    json: z.object({ ids: idsField, set: z.object(changeFields) }),
    response: outcomesSchema,
    errors: ['nothing_to_change'],
  }),
  removeMany: defineRoute({
    ...admin,
    method: 'delete',
    path: '/admin/images',
    summary: 'Move many uploads to the trash',
    json: z.object({ ids: idsField }),
    response: outcomesSchema,
    errors: [],
  }),
};

/** /admin: uploads and annotations of images. */
export function adminApp({ deps, guard }: RouteTools) {
  const { library } = deps;

  return new Hono<ApiEnv>()
    .post(adminRoutes.upload.path, accept(guard, adminRoutes.upload), async c => {
      const record = uploadRecord(c.req.valid('query'));
      const received: ReceivedFile[] = [];
      try {
        const { files } = await readMultipart(c, deps.limits, async part => {
          if (part.name !== 'image_file') return discard(part);
          const file = await receiveFile(part, deps.temporaryFolder, deps.limits.upload);
          received.push(file);
          return file;
        });
        const file = files.findLast(({ name }) => name === 'image_file')?.value;
        if (!file) return rejectMissing(c, 'image_file');
        formatOf(file);
        const { format } = await deps.images.check(await readFile(file.path));
        const { path, bytes, sha1 } = file;
        const named = { ...record, name: uploadName(file.filename) };
        const { id } = await library.upload({ body: { file: path }, bytes, sha1, format, record: named });
        return c.json({ message: 'It is queued for indexing.', image_id: id });
      } finally {
        await Promise.all(received.map(({ path }) => rm(path, { force: true })));
      }
    })
    .post(adminRoutes.duplicationValidate.path, accept(guard, adminRoutes.duplicationValidate), async c => {
      const ids = await library.findBySha1(c.req.valid('json').hashes);
      return c.json({
        message: 'Compared with what is stored and queued.',
        entity_ids: ids,
        exists: ids.map(id => id !== null),
      });
    })
    .put(adminRoutes.update.path, accept(guard, adminRoutes.update), async c => {
      const { image_id: id } = c.req.valid('param');
      const { version: expected, ...fields } = c.req.valid('json');
      const change = changeOf(fields);
      const ifVersion = expectedVersion(c.req.header('If-Match'), expected);
      try {
        const { version } = await library.update(id, { ...change, ifVersion });
        c.header('ETag', `"${version}"`);
        return c.json({ message: 'Changed.', version });
      } catch (error) {
        if (!hasCode(error, 'version_conflict')) throw error;
        // An error response is not part of the typed API.
        return (await conflictResponse(c, deps, id, error)) as never;
      }
    })
    .delete(adminRoutes.remove.path, accept(guard, adminRoutes.remove), async c => {
      await library.remove(c.req.valid('param').image_id);
      return c.json({ message: 'Deleted.' });
    })
    .get(adminRoutes.serverInfo.path, accept(guard, adminRoutes.serverInfo), async c => {
      const [{ images, queued, inWork, pictures, words, passedOver }, toRead] = await Promise.all([
        library.counts(),
        deps.ocrText ? deps.index.count(WORDS_TO_READ) : null,
      ]);
      const trouble = deps.indexingTrouble();
      return c.json({
        message: `${counted(images, 'image')}, ${queued} waiting${trouble ? `: ${trouble.message}` : ''}.`,
        image_count: images,
        index_queue_length: queued,
        indexing_waits_for: trouble && {
          code: trouble.code,
          message: trouble.message,
          advice: trouble.advice,
        },
        in_work: inWork,
        pictures: { waiting: pictures.waiting, seconds_left: pictures.secondsLeft },
        words: { waiting: words.waiting, seconds_left: words.secondsLeft, to_read: toRead },
        passed_over: passedOver,
      });
    })
    .put(adminRoutes.updateMany.path, accept(guard, adminRoutes.updateMany), async c => {
      const { ids, set } = c.req.valid('json');
      const change = changeOf(set);
      return c.json(await eachOf(ids, id => library.update(id, change)));
    })
    .delete(adminRoutes.removeMany.path, accept(guard, adminRoutes.removeMany), async c =>
      c.json(await eachOf(c.req.valid('json').ids, id => library.remove(id))),
    );
}

/** @throws nothing_to_change, before any look-up; invalid_request for a URL that browsers would run */
function changeOf(fields: z.output<z.ZodObject<typeof changeFields>>): AnnotationChange {
  const { add_categories: addCategories, remove_categories: removeCategories, ...others } = fields;
  const change = Object.fromEntries(
    Object.entries({ ...others, addCategories, removeCategories }).filter(
      ([, value]) => value !== undefined && value !== null,
    ),
  );
  if (Object.keys(change).length === 0)
    throw new SemblanceError('nothing_to_change', 'No field is given that could be changed');
  for (const address of [fields.url, fields.thumbnail_url]) assertWebAddress(address);
  return change;
}
