import { Body, Controller, Get, HttpCode, Module, Post, Query } from '@nestjs/common';
import { Transform, Type } from 'class-transformer';
import {
  IsArray,
  IsBoolean,
  IsDefined,
  IsIn,
  IsInt,
  IsISO8601,
  IsNotEmpty,
  IsOptional,
  IsString,
  IsUUID,
  Length,
  Matches,
  Max,
  MaxLength,
  Min,
  MinLength,
  ValidateNested,
} from 'class-validator';
import type { Extension } from '#app/extensions.js';
import { Public } from '#app/shared/access/index.js';
import { type Validated, ValidatedBody } from '#app/shared/validation/index.js';

// What a team writes that knows class-validator and not the rules of shared/validation.

class StockItemDto {
  @IsString()
  @MinLength(3)
  @MaxLength(5)
  itemCode: string;

  @IsInt()
  @Min(1)
  @Max(10)
  amount: number;
}

class OrderDto {
  @IsNotEmpty()
  @IsString()
  @Length(2, 4)
  clinicName: string;

  @IsUUID()
  orderId: string;

  @IsIn(['post', 'courier'])
  sentBy: string;

  @IsOptional()
  @IsInt()
  @Min(1)
  priority?: number;

  @IsDefined()
  @IsBoolean()
  isUrgent: boolean;

  @IsISO8601()
  @IsOptional()
  neededOn?: string;

  @Matches(/^[A-Z]{2}$/, { message: 'must be a country' })
  country: string;

  @IsArray()
  @ValidateNested({ each: true })
  @Type(() => StockItemDto)
  stockItems: StockItemDto[];

  @ValidateNested()
  @Type(() => StockItemDto)
  @IsOptional()
  sparePart?: StockItemDto;
}

class OrdersQuery {
  @Type(() => Number)
  @IsInt()
  @Min(1)
  clinicId: number;

  @IsOptional()
  @Transform(({ value }: { value: string }) => value.toUpperCase())
  @IsIn(['NEW', 'OLD'])
  state?: string;
}

@Public()
@Controller('v1/orders')
class OrdersController {
  @Get()
  list(@Query() query: OrdersQuery): object {
    return query;
  }

  @Post()
  @HttpCode(200)
  create(@Body() order: OrderDto): object {
    return order;
  }

  /** Has a rule that no decorator can see. */
  @Post('checked')
  @HttpCode(200)
  check(@ValidatedBody(StockItemDto) { values, errors }: Validated<StockItemDto>): object {
    if (values.itemCode !== 'MMR') errors.add('itemCode', 'is sold out');
    errors.throwIfAny();
    return values;
  }
}

@Module({ controllers: [OrdersController] })
class OrdersModule {}

export const orders: Extension = { modules: [OrdersModule] };
