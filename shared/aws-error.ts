import { z } from 'zod';

const errorSchema = z.object({ $metadata: z.object({ httpStatusCode: z.number().optional() }) });

/** The status and name of an error of the AWS SDK; 0 and '' where it has none (a broken connection). */
export function awsError(error: unknown): { status: number; name: string; message: string } {
  return {
    status: errorSchema.safeParse(error).data?.$metadata.httpStatusCode ?? 0,
    name: error instanceof Error ? error.name : '',
    message: error instanceof Error ? error.message : String(error),
  };
}
