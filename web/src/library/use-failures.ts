import { useQuery } from '@tanstack/react-query';
import { api } from '../api/api.ts';

/** Images that could not be indexed, for who may see them. */
export const useFailures = (allowed: boolean) =>
  useQuery({ queryKey: ['failures'], queryFn: ({ signal }) => api.failures(signal), enabled: allowed });
