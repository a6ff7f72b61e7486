/** The order as an application of Tenon writes it down. */
import {
  ArrayMaxSize,
  ArrayMinSize,
  Expose,
  IsArray,
  IsBoolean,
  IsDefined,
  IsEmail,
  IsInt,
  IsOptional,
  IsString,
  Length,
  Matches,
  Max,
  MaxLength,
  Min,
  Type,
  ValidateNested,
} from 'tenon/validation'

class Customer {
  @Length(1, 80)
  readonly name!: string

  @IsEmail()
  readonly email!: string

  @IsOptional()
  @Matches(/^\+\d{8,15}$/)
  readonly phone?: string
}

class Address {
  @Length(1, 120)
  readonly street!: string

  @Length(1, 80)
  readonly city!: string

  @Length(3, 12)
  readonly postalCode!: string

  @Matches(/^[A-Z]{2}$/)
  readonly country!: string
}

class OrderItem {
  @Matches(/^[A-Z]{2}-\d{4}$/)
  readonly sku!: string

  @IsInt()
  @Min(1)
  @Max(999)
  readonly quantity!: number

  @IsInt()
  @Min(0)
  readonly unitCents!: number

  @IsOptional()
  @IsArray()
  @ArrayMaxSize(10)
  @Length(1, 24, { each: true })
  readonly tags?: string[]
}

export class Order {
  @Matches(/^ORD-\d{4}-\d{6}$/)
  readonly reference!: string

  @IsDefined()
  @ValidateNested()
  @Type(() => Customer)
  readonly customer!: Customer

  @IsDefined()
  @ValidateNested()
  @Type(() => Address)
  readonly shipTo!: Address

  @IsArray()
  @ArrayMinSize(1)
  @ArrayMaxSize(20)
  @ValidateNested({ each: true })
  @Type(() => OrderItem)
  readonly items!: OrderItem[]

  @IsOptional()
  @IsString()
  @MaxLength(500)
  readonly note?: string

  @IsBoolean()
  readonly express!: boolean
}

/** What the caller gets. */
export class Receipt {
  @Expose()
  readonly reference!: string

  @Expose()
  readonly lines!: number

  @Expose()
  readonly quantity!: number

  @Expose()
  readonly cents!: number

  @Expose()
  readonly express!: boolean
}
