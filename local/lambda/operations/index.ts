// The operations of Lambda. https://docs.aws.amazon.com/lambda/latest/api/API_Operations.html

import {
  getAccountSettings,
  getFunctionCodeSigningConfig,
  getFunctionRecursionConfig,
  getRuntimeManagementConfig,
} from "./account";
import { deleteFunctionConcurrency, getFunctionConcurrency, putFunctionConcurrency } from "./concurrency";
import { createFunction } from "./create-function";
import {
  deleteFunctionEventInvokeConfig,
  getFunctionEventInvokeConfig,
  listFunctionEventInvokeConfigs,
  putFunctionEventInvokeConfig,
  updateFunctionEventInvokeConfig,
} from "./event-invoke-config";
import {
  createEventSourceMapping,
  deleteEventSourceMapping,
  getEventSourceMapping,
  listEventSourceMappings,
  updateEventSourceMapping,
} from "./event-source-mappings";
import { invoke } from "./invoke";
import { addPermission, getPolicy, removePermission } from "./permissions";
import { getFunction, getFunctionConfiguration, listFunctions, listVersionsByFunction } from "./read-functions";
import { listTags, tagResource, untagResource } from "./tags";
import { deleteFunction, updateFunctionCode, updateFunctionConfiguration } from "./update-function";

export const OPERATIONS = [
  // First, since it is asked for most.
  invoke,
  addPermission,
  createEventSourceMapping,
  createFunction,
  deleteEventSourceMapping,
  deleteFunction,
  deleteFunctionConcurrency,
  deleteFunctionEventInvokeConfig,
  getAccountSettings,
  getEventSourceMapping,
  getFunction,
  getFunctionCodeSigningConfig,
  getFunctionConcurrency,
  getFunctionConfiguration,
  getFunctionEventInvokeConfig,
  getFunctionRecursionConfig,
  getPolicy,
  getRuntimeManagementConfig,
  listEventSourceMappings,
  listFunctionEventInvokeConfigs,
  listFunctions,
  listTags,
  listVersionsByFunction,
  putFunctionConcurrency,
  putFunctionEventInvokeConfig,
  removePermission,
  tagResource,
  untagResource,
  updateEventSourceMapping,
  updateFunctionCode,
  updateFunctionConfiguration,
  updateFunctionEventInvokeConfig,
];
